"""Which page asks somebody for the proof they owe: the best factor they have, or setting up a first one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.second_factors import Factor
from portal.services.own_factors import Standing

_PAGES = {
    Factor.PASSKEY: ("sign_in.passkey", _l("Use a passkey"), "key"),
    Factor.AUTHENTICATOR: ("sign_in.authenticator", _l("Use your authenticator app"), "shield-check"),
    Factor.SMS: ("sign_in.code", _l("Get a code by SMS"), "message"),
    Factor.RECOVERY_CODE: ("sign_in.recovery_code", _l("Use a recovery code"), "lock"),
}


@dataclass(frozen=True)
class Way:
    """Another way to prove oneself, as a link."""

    url: str
    label: LazyString
    icon: str


def place(standing: Standing, *, complete: bool, after: str | None = None) -> str:
    """The address of the page to go to. `complete`: somebody who is in already, and proves themselves again."""
    if standing.first is not None:
        return url_for(_PAGES[standing.first][0], after=after)
    for factor in Factor:
        if factor in standing.stopped and standing.has_one:
            return url_for(_PAGES[factor][0], after=after)  # says what helps
    if complete:
        return url_for("sign_in.password_again", after=after)
    return url_for("sign_in.set_up" if standing.asked else "sign_in.show", after=after)


def other_ways(standing: Standing, factor: Factor, after: str | None) -> list[Way]:
    """The person's further factors that work, as links to their pages."""
    return [
        Way(url_for(endpoint, after=after or None), label, icon)
        for one in standing.usable
        if one is not factor
        for endpoint, label, icon in [_PAGES[one]]
    ]
