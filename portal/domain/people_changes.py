"""Changes of many people at once: which there are, what each needs, and what cannot be together."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from portal.domain.permissions import Permission


class ChangeKind(StrEnum):
    """What is done to everybody who is chosen."""

    MOVE_TEAM = "move-team"
    JOIN_TEAM = "join-team"
    LEAVE_TEAM = "leave-team"
    SITE = "site"
    MANAGER = "manager"
    HOURS = "hours"
    PATTERN = "pattern"
    ROSTER = "roster"
    GIVE_ROLE = "give-role"
    TAKE_ROLE = "take-role"
    INVITE = "invite"
    LEAVE = "leave"


class ChangeStatus(StrEnum):
    """How far a change of many people has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


_K = ChangeKind
#: The right that has to reach each person.
NEEDS: Mapping[ChangeKind, Permission] = {
    **dict.fromkeys(ChangeKind, Permission.EMPLOYEE_EDIT),
    _K.GIVE_ROLE: Permission.ROLE_GRANT,
    _K.TAKE_ROLE: Permission.ROLE_GRANT,
    _K.INVITE: Permission.EMPLOYEE_INVITE,
}
#: What asks for a fresh proof of whoever does it (ASVS 7.5.1).
SENSITIVE = frozenset({_K.GIVE_ROLE, _K.TAKE_ROLE, _K.LEAVE})
#: A letter that went out does not come back.
UNDOABLE = frozenset(ChangeKind) - {_K.INVITE}
TEAM_KINDS = frozenset({_K.MOVE_TEAM, _K.JOIN_TEAM, _K.LEAVE_TEAM})
TERM_KINDS = frozenset({_K.SITE, _K.HOURS, _K.PATTERN, _K.ROSTER})
ROLE_KINDS = frozenset({_K.GIVE_ROLE, _K.TAKE_ROLE})
#: Changes that begin on a day which is chosen.
DATED = TEAM_KINDS | TERM_KINDS | {_K.MANAGER}


def closing_circle(
    above: Mapping[UUID, UUID | None], manager_id: UUID, chosen: Collection[UUID]
) -> frozenset[UUID]:
    """Those of the chosen who cannot be led by this manager: the manager, and whoever leads the manager by now."""
    chain: set[UUID] = set()
    at: UUID | None = manager_id
    while at is not None and at not in chain:
        chain.add(at)
        at = above.get(at)
    return frozenset(chain.intersection(chosen))
