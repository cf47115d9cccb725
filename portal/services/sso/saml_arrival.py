"""The end of a trip to a SAML provider, in two legs.

The answer is posted from the provider's site, and browsers send no session with such a post. So the first leg only
judges it and writes down what was heard; the second, a visit of our own page, has the session again and concludes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.sso import Asserted, Check, CheckName, Heard
from portal.services.sign_in import Browser
from portal.services.sso import finishing, provider_access, saml, transactions, trip_limits
from portal.services.sso.finishing import Ended


def receive(
    uow: UnitOfWork, provider_id: UUID, *, posted: str, relay_state: str, browser_secret: str | None
) -> str:
    """Judges the answer to the trip that `relay_state` names, and gives a ticket for the second leg.

    An answer that nobody here has asked for names no trip, and is not even read.
    """
    trip_limits.check_end(uow)
    provider = provider_access.find_any(uow, provider_id)
    trip = transactions.claim(uow, provider_id, relay_state, browser_secret=browser_secret)
    heard = saml.hear(uow, provider, trip, posted)
    ticket = transactions.new_state()
    transactions.begin(
        uow,
        provider,
        trip.purpose,
        state=ticket,
        kept={"heard": _written(heard)},
        browser_secret=browser_secret or "",
        after=trip.after,
        employee_id=trip.employee_id,
        invitation_id=trip.invitation_id,
    )
    return ticket


def arrive(
    uow: UnitOfWork, provider_id: UUID, ticket: str, *, browser_secret: str | None, browser: Browser
) -> Ended:
    """Concludes what was heard in the first leg: in the same browser, once."""
    provider = provider_access.find_any(uow, provider_id)
    trip = transactions.claim(uow, provider_id, ticket, browser_secret=browser_secret)
    return finishing.conclude(uow, provider, trip, _read(trip.secrets.get("heard")), browser=browser)


def _written(heard: Heard) -> dict[str, Any]:
    asserted = heard.asserted
    return {
        "checks": [{**asdict(one), "name": one.name.value} for one in heard.checks],
        "asserted": {**asdict(asserted), "groups": sorted(asserted.groups)} if asserted else None,
        "shown": dict(heard.shown),
    }


def _read(kept: Mapping[str, Any] | None) -> Heard:
    """What the first leg wrote; a trip that has not come back yet has nothing, and ends here."""
    if kept is None:
        return Heard((Check(CheckName.REPLAY, passed=False),))
    checks = tuple(Check(**{**one, "name": CheckName(one["name"])}) for one in kept["checks"])
    said = kept["asserted"]
    asserted = Asserted(**{**said, "groups": frozenset(said["groups"])}) if said else None
    return Heard(checks, asserted, kept["shown"])
