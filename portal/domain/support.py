"""Help from the operator's staff inside a company: what may be opened, for how long, and what never.

A grant names areas. An area is a set of permissions to look and another one to change; nothing else opens. Rights
over sign-in, roles, the audit log and support itself are in no area, so no grant can carry them.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from portal.domain.permissions import Grants, Permission, Reach
from portal.domain.refusals import Reason, Refusal

HOURS = (1, 4, 8, 24, 72)
DEFAULT_HOURS = 4
#: An opening that two of the staff made without the company lasts so long, and only for looking.
BREAK_GLASS = timedelta(hours=1)
#: A request that nobody grants dies after four days.
PATIENCE = timedelta(days=4)
LONGEST_REASON = 500
LONGEST_TICKET = 60

_P = Permission


class Area(StrEnum):
    """What can be opened, in the order in which it is offered."""

    PEOPLE = "people"
    ABSENCES = "absences"
    ROSTERS = "rosters"
    DOCUMENTS = "documents"
    SETTINGS = "settings"


class SealedField(StrEnum):
    """What stays closed even inside an open area, unless the grant names it."""

    PHONE = "phone"
    ABSENCE_REASON = "absence-reason"


class GrantKind(StrEnum):
    """Whose doing it is: the company's, or of two of the operator's staff in an emergency."""

    REQUEST = "request"
    BREAK_GLASS = "break-glass"


class GrantState(StrEnum):
    """Where a grant stands; only a live one opens anything."""

    WAITING = "waiting"
    LIVE = "live"
    REFUSED = "refused"
    ENDED = "ended"
    EXPIRED = "expired"
    LAPSED = "lapsed"


LOOK: Mapping[Area, frozenset[Permission]] = MappingProxyType(
    {
        Area.PEOPLE: frozenset({_P.DIRECTORY_VIEW, _P.EMPLOYEE_VIEW}),
        Area.ABSENCES: frozenset({_P.ABSENCE_VIEW, _P.CALENDAR_VIEW, _P.DIRECTORY_VIEW, _P.LEDGER_VIEW}),
        Area.ROSTERS: frozenset({_P.ROSTER_VIEW}),
        # The page that keeps documents asks for the right to hand out; handing out itself stays closed.
        Area.DOCUMENTS: frozenset({_P.DOCUMENT_DISTRIBUTE, _P.DOCUMENT_VIEW_CONFIRMATIONS}),
        Area.SETTINGS: frozenset({_P.COMPANY_EDIT}),
    }
)
CHANGE: Mapping[Area, frozenset[Permission]] = MappingProxyType(
    {
        Area.PEOPLE: frozenset(),
        Area.ABSENCES: frozenset({_P.LEDGER_ADJUST}),
        Area.ROSTERS: frozenset({_P.ROSTER_EDIT}),
        Area.DOCUMENTS: frozenset(),
        Area.SETTINGS: frozenset({_P.COMPANY_EDIT}),
    }
)


def grants_of(areas: Iterable[Area], sealed: Iterable[SealedField], *, writes: bool) -> Grants:
    """What a member of the staff may do under a grant, everywhere in the company."""
    chosen = set(areas)
    held = {one for area in chosen for one in (LOOK[area] | (CHANGE[area] if writes else frozenset()))}
    if SealedField.ABSENCE_REASON in set(sealed) and Area.ABSENCES in chosen:
        held.add(_P.ABSENCE_VIEW_REASON)
    return MappingProxyType(dict.fromkeys(sorted(held), Reach.COMPANY))


def may_change_with(permission: Permission, areas: Iterable[Area], *, writes: bool) -> bool:
    """Is a change that needs this permission open under the grant? The right to look at a form is not enough."""
    return writes and any(permission in CHANGE[area] for area in areas)


def offered(own: Grants) -> tuple[Area, ...]:
    """The areas that a person can ask help with: nobody opens to others what they may not see themselves."""
    return tuple(area for area in Area if all(own.get(one) == Reach.COMPANY for one in LOOK[area]))


def offered_sealed(own: Grants) -> tuple[SealedField, ...]:
    """The protected values that a person can name, by the same rule."""
    needed = {SealedField.PHONE: _P.EMPLOYEE_VIEW, SealedField.ABSENCE_REASON: _P.ABSENCE_VIEW_REASON}
    return tuple(one for one in SealedField if own.get(needed[one]) == Reach.COMPANY)


def check_request(
    own: Grants,
    *,
    areas: tuple[Area, ...],
    sealed: tuple[SealedField, ...],
    hours: int,
    reason: str,
    ticket: str,
) -> None:
    """Refuses a request that names nothing, too much, or says nothing."""
    if not areas:
        raise Refusal(Reason.SUPPORT_NOTHING_OPENED, field="areas")
    if not set(areas) <= set(offered(own)):
        raise Refusal(Reason.SUPPORT_ABOVE_OWN, field="areas")
    if not set(sealed) <= set(offered_sealed(own)):
        raise Refusal(Reason.SUPPORT_ABOVE_OWN, field="sealed")
    if hours not in HOURS:
        raise Refusal(Reason.SUPPORT_HOURS_INVALID, field="hours")
    check_reason(reason)
    if len(ticket) > LONGEST_TICKET:
        raise Refusal(Reason.TOO_LONG, field="ticket", limit=LONGEST_TICKET)


def check_reason(reason: str) -> None:
    """Everybody who reads the log later must see what the visit was for."""
    if not reason:
        raise Refusal(Reason.MISSING, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)


def state_of(
    now: datetime,
    *,
    asked_at: datetime,
    granted_at: datetime | None,
    until: datetime | None,
    ended_at: datetime | None,
) -> GrantState:
    """Worked out from the moments alone, so that no job has to run for a grant to be over."""
    if granted_at is None:
        if ended_at is not None:
            return GrantState.REFUSED if ended_at < asked_at + PATIENCE else GrantState.LAPSED
        return GrantState.WAITING if now < asked_at + PATIENCE else GrantState.LAPSED
    if ended_at is not None and (until is None or ended_at < until):
        return GrantState.ENDED
    return GrantState.LIVE if until is not None and now < until else GrantState.EXPIRED
