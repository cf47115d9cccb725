"""The sign-in log of the admin: who came in, who did not and why, out of the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.audit_actions import Action
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.services import access, audit_log
from portal.services.audit_filter import Cursor, LogFilter

ACTIONS = (
    Action.SIGN_IN_SUCCEEDED,
    Action.SIGN_IN_FAILED,
    Action.SSO_DENIED,
    Action.SSO_LINKED,
    Action.SSO_TESTED,
    Action.SSO_UNLINKED,
)
_ACTIONS = tuple(one.value for one in ACTIONS)


@dataclass(frozen=True)
class LogLine:
    """One try. `who` is a person of the company, or the address that the provider named, or nobody."""

    at: datetime
    action: str
    who: str
    provider: str
    #: The name of a failed check, or a word of the password's own log.
    reason: str
    seen: str
    ip: str
    good: bool


@dataclass(frozen=True)
class LogLines:
    lines: list[LogLine]
    older_than: int | None


def list_latest(uow: UnitOfWork, *, before: int | None = None) -> LogLines:
    """A page of tries, the newest first."""
    if not access.can(uow, Permission.SIGN_IN_MANAGE, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
    page = audit_log.list_events(uow, LogFilter(actions=_ACTIONS), Cursor(before=before))
    names = _names(uow, {one.subject_id for one in page.events if one.subject_type == "employee"})
    return LogLines([_line(one, names) for one in page.events], page.older_than)


def _line(event: audit_log.LoggedEvent, names: dict[UUID | None, str]) -> LogLine:
    facts = event.facts
    who = event.email or names.get(event.subject_id) or str(facts.get("email") or facts.get("account") or "")
    refused = event.action in {Action.SIGN_IN_FAILED, Action.SSO_DENIED}
    succeeded = event.action == Action.SIGN_IN_SUCCEEDED
    return LogLine(
        at=event.at,
        action=event.action,
        who=who,
        provider=str(facts.get("provider") or (facts.get("reason") if succeeded else "") or ""),
        reason=str(facts.get("reason") or "") if refused else "",
        seen=str(facts.get("seen") or "") if refused else "",
        ip=event.ip,
        good=not refused and facts.get("good") is not False,
    )


def _names(uow: UnitOfWork, ids: set[UUID | None]) -> dict[UUID | None, str]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    return {row.id: row.email for row in uow.session.scalars(select(Employee).where(Employee.id.in_(wanted)))}
