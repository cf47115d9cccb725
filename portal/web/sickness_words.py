"""Sickness in the reader's language: where a report stands, its proof, and what gave way to it."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.sickness import ProofState, SickState
from portal.services.sickness.displacing import Displaced
from portal.services.sickness.lists import Show
from portal.web import absence_words
from portal.web.filters import day

STATES = {
    SickState.REPORTED: _l("Reported"),
    SickState.EXTENDED: _l("Longer since accepted"),
    SickState.ACCEPTED: _l("Accepted"),
    SickState.UNDONE: _l("Taken back"),
}
#: The states of other things whose colour they have.
TONES = {
    SickState.REPORTED: "requested",
    SickState.EXTENDED: "requested",
    SickState.ACCEPTED: "approved",
    SickState.UNDONE: "cancelled",
}
PROOFS = {
    ProofState.NOT_NEEDED: _l("none needed"),
    ProofState.MISSING: _l("missing"),
    ProofState.THERE: _l("there"),
    ProofState.ACCEPTED: _l("accepted"),
}
PROOF_TONES = {
    ProofState.NOT_NEEDED: "ended",
    ProofState.MISSING: "overdue",
    ProofState.THERE: "requested",
    ProofState.ACCEPTED: "approved",
}
SHOWS = {Show.WAITING: _l("To accept"), Show.RUNNING: _l("Away today"), Show.ALL: _l("All")}


def days_of(one: Displaced) -> str:
    """Vacation: 3 Aug 2026, 4 Aug 2026."""
    return f"{absence_words.type_label(one.kind)}: {', '.join(day(each) for each in one.days)}"


def given_way(displaced: Iterable[Displaced]) -> str:
    """What a report has done to other time off, in sentences; an empty text where nothing gave way."""
    said = []
    for one in displaced:
        if one.waiting:
            said.append(_("No longer asked for: %(days)s.", days=days_of(one)))
            continue
        amount = absence_words.amount(one.amount, one.kind)
        said.append(_("%(amount)s back on the balance (%(days)s).", amount=amount, days=days_of(one)))
        if one.lapsed:
            lapsed = absence_words.amount(one.lapsed, one.kind)
            said.append(_("Of that %(amount)s could only be used until a day that is over.", amount=lapsed))
    return " ".join(said)


def come_back(displaced: Iterable[Displaced]) -> str:
    """The same, when it is undone."""
    return " ".join(_("Entered again: %(days)s.", days=days_of(one)) for one in displaced)
