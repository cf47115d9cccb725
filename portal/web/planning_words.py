"""Planning rounds in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.planning_rounds import Outcome, RoundStatus, TieBreak
from portal.services.planning_rounds.rounds import RoundLine
from portal.services.planning_rounds.sheet import SheetWish
from portal.web.filters import day

ROUND_STATUSES: dict[RoundStatus, LazyString] = {
    RoundStatus.OPEN: _l("People are planning"),
    RoundStatus.PUBLISHED: _l("Published"),
    RoundStatus.UNDONE: _l("Undone"),
    RoundStatus.CLOSED: _l("Given up"),
}
TONES = {
    RoundStatus.OPEN: "pending",
    RoundStatus.PUBLISHED: "published",
    RoundStatus.UNDONE: "cancelled",
    RoundStatus.CLOSED: "ended",
}
TIE_BREAKS: dict[TieBreak, LazyString] = {
    TieBreak.FIRST_COME: _l("who planned first"),
    TieBreak.ROTATION: _l("who has waited longest since winning"),
    TieBreak.SENIORITY: _l("who has worked here longer"),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.ABSENCES: _l("approved absences, which count at once"),
    Outcome.REQUESTS: _l("requests, which wait for whoever approves"),
}
#: For the audit log, as all below.
PLANNING_CHOICES = {
    "outcome": {str(one): words for one, words in OUTCOMES.items()},
    "tie_break": {str(one): words for one, words in TIE_BREAKS.items()},
}
PLANNING_COLUMNS: dict[str, LazyString] = {
    "by_hand": _l("By hand"),
    "closed_at": _l("Decided at"),
    "contested": _l("Not everybody could have it"),
    "deadline": _l("Deadline"),
    "granted": _l("Granted"),
    "outcome": _l("What granted wishes become"),
    "planned_absence_id": _l("Planned days"),
    "published_at": _l("Published at"),
    "published_by_id": _l("Published by"),
    "reminded_at": _l("Reminded at"),
    "round_id": _l("Planning round"),
    "rule_date": _l("Day"),
    "rule_name": _l("Rule of staffing"),
    "tie_break": _l("Between equals"),
}


def scope(line: RoundLine) -> str:
    """Whom a round is about."""
    return ", ".join(name for name in (line.team, line.site) if name) or _("The whole company")


def because(wish: SheetWish) -> str:
    """Why it is decided as it is, in a line; empty: nothing stands against it."""
    if wish.own:
        return _("Your own: it stays planned, and somebody else decides.")
    said = []
    if wish.by_hand:
        said.append(_("decided by hand"))
    if wish.rule_name and wish.rule_date:
        said.append(_("too few people on %(date)s (%(rule)s)", date=day(wish.rule_date), rule=wish.rule_name))
        if not wish.granted and not wish.by_hand:
            said.append(_("others come first"))
    elif wish.contested and wish.granted and not wish.by_hand:
        said.append(_("comes before others who want these days"))
    if wish.late:
        said.append(_("planned after the deadline"))
    return "; ".join(said)
