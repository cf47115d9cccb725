"""Deletes what has been kept long enough, class by class, and says beforehand what goes.

People on legal hold keep everything. Whoever left so long ago that claims have lapsed is not erased by a clock: a
request is opened, and two people look at it like at any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, literal, or_, select, text, union_all
from sqlalchemy.sql.elements import SQLCoreOperations

from portal.db import UnitOfWork
from portal.domain.data_map import Retention
from portal.domain.retention import CLAIM_YEARS, DAYS, gone_before
from portal.models import (
    Authenticator,
    Employee,
    Employment,
    LegalHold,
    OneTimeCode,
    OutboxMessage,
    PasskeyChallenge,
    SignInAttempt,
    SignInLink,
    SignInSession,
    SsoTransaction,
)
from portal.models.audit_export import AuditExport
from portal.models.base import Base
from portal.models.data_export import DataExport
from portal.models.erasure import ErasureRequest, ErasureStep
from portal.services import audit, audit_exports, data_exports, value_retention
from portal.services.forgetting import requests
from portal.services.forgetting.holds import in_force
from portal.services.value_retention import FieldForecast

#: How far ahead the page looks.
NEXT_MONTH = timedelta(days=31)
_MOST_LEAVERS = 200


@dataclass(frozen=True)
class Class:
    """Rows of one table that have their time: `ended` is the moment from which the days count."""

    retention: Retention
    model: type[Base]
    ended: SQLCoreOperations[Any]
    #: What keeps a row although its time is over.
    unless: Callable[[], ColumnElement[bool]] | None = None

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)


@dataclass(frozen=True)
class Forecast:
    """One line of what goes: how many rows are past their time by then."""

    table: str
    retention: Retention
    now: int
    next_month: int


@dataclass(frozen=True)
class LaterStep:
    """A part of an erasure that waits for a day within the next month."""

    request_id: Any
    table: str
    due_on: date


@dataclass(frozen=True)
class Outlook:
    """What goes by the next daily run and within the next month."""

    classes: list[Forecast]
    leavers: int
    steps: list[LaterStep]
    until: date
    held: int
    #: The company's own fields of which values go.
    fields: list[FieldForecast]


def _still_referred_to() -> ColumnElement[bool]:
    """An authenticator remembers the session that set it up; the key of the database says so."""
    return SignInSession.id.in_(select(Authenticator.session_id))


CLASSES = [
    Class(Retention.TRACES, SignInAttempt, SignInAttempt.attempted_at),
    Class(Retention.SECRETS, OneTimeCode, OneTimeCode.expires_at),
    Class(Retention.SECRETS, PasskeyChallenge, PasskeyChallenge.expires_at),
    Class(Retention.SECRETS, SsoTransaction, SsoTransaction.expires_at),
    Class(
        Retention.SECRETS,
        SignInLink,
        SignInLink.expires_at,
        lambda: SignInLink.id.in_(
            select(SsoTransaction.invitation_id).where(SsoTransaction.invitation_id.is_not(None))
        ),
    ),
    Class(
        Retention.TRACES,
        SignInSession,
        SignInSession.absolute_until,
        lambda: or_(
            _still_referred_to(),
            SignInSession.id.in_(select(OneTimeCode.session_id)),
            SignInSession.id.in_(select(PasskeyChallenge.session_id)),
        ),
    ),
    Class(Retention.LETTERS, OutboxMessage, OutboxMessage.created_at),
]

#: Files that people may fetch for a time, and whether one is still there.
_EXPORTS: tuple[tuple[Any, ColumnElement[bool]], ...] = (
    (DataExport, DataExport.storage_key.is_not(None)),
    (AuditExport, AuditExport.parts > 0),
)


def apply(uow: UnitOfWork) -> dict[str, int]:
    """Deletes what is past its time; says how many rows of which table."""
    now = uow.clock.now()
    gone = {one.table: _delete(uow, one, gone_before(one.retention, now)) for one in CLASSES}
    gone["data_export"] = data_exports.expire(uow)
    gone["audit_export"] = audit_exports.expire(uow)
    gone["custom_value"] = value_retention.apply(uow)
    opened = sum(requests.open_for_retention(uow, one) for one in uow.session.scalars(_leavers(uow)))
    total = sum(gone.values())
    if total or opened:
        audit.record(uow, audit.Action.RETENTION_APPLIED, rows=total, requests=opened)
    return {table: count for table, count in gone.items() if count}


def outlook(uow: UnitOfWork) -> Outlook:
    """What goes, for the page that HR looks at; six statements."""
    now = uow.clock.now()
    until = now + NEXT_MONTH
    holds = select(func.count(LegalHold.employee_id.distinct())).where(in_force(uow))
    leavers = select(func.count()).select_from(_leavers(uow).subquery())
    people = uow.session.execute(
        select(leavers.scalar_subquery().label("leavers"), holds.scalar_subquery().label("held"))
    ).one()
    return Outlook(
        classes=[*_forecasts(uow, now, until), *_exports(uow, now, until)],
        leavers=people.leavers or 0,
        steps=_later_steps(uow, until.date()),
        until=until.date(),
        held=people.held or 0,
        fields=value_retention.forecast(uow, until),
    )


def _delete(uow: UnitOfWork, one: Class, before: datetime) -> int:
    if one.model is SignInAttempt:  # the portal may only add to these
        statement = text("SELECT forget_sign_in_attempts(:before)")
        return int(uow.session.scalar(statement, {"before": before}) or 0)
    done: Any = uow.session.execute(
        delete(one.model).where(_past(uow, one, before)).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)


def _past(uow: UnitOfWork, one: Class, before: datetime) -> ColumnElement[bool]:
    model: Any = one.model
    held = select(LegalHold.employee_id).where(in_force(uow))
    condition = and_(one.ended < before, or_(model.employee_id.is_(None), model.employee_id.not_in(held)))
    return and_(condition, ~one.unless()) if one.unless is not None else condition


def _forecasts(uow: UnitOfWork, now: datetime, until: datetime) -> list[Forecast]:
    asked = []
    for place, one in enumerate(CLASSES):
        ahead = until - timedelta(days=DAYS[one.retention])
        past = _past(uow, one, gone_before(one.retention, now))
        asked.append(
            select(
                text(str(place)), func.count().filter(past), func.count().filter(_past(uow, one, ahead))
            ).select_from(one.model)
        )
    found = {row[0]: (row[1], row[2]) for row in uow.session.execute(union_all(*asked))}
    return [Forecast(one.table, one.retention, *found[place]) for place, one in enumerate(CLASSES)]


def _exports(uow: UnitOfWork, now: datetime, until: datetime) -> list[Forecast]:
    asked = [
        select(
            literal(model.__tablename__),
            func.count().filter(model.expires_at < now),
            func.count().filter(model.expires_at < until),
        ).where(has_file)
        for model, has_file in _EXPORTS
    ]
    found = sorted(uow.session.execute(union_all(*asked)), reverse=True)
    return [Forecast(table, Retention.EXPORTS, *counts) for table, *counts in found]


def _leavers(uow: UnitOfWork) -> Any:
    """People who left in a year whose claims have lapsed, without a request or a hold."""
    last_year = uow.today().year - CLAIM_YEARS - 1
    last_day = (
        select(func.max(Employment.end_date))
        .where(Employment.employee_id == Employee.id)
        .correlate(Employee)
        .scalar_subquery()
    )
    known = select(ErasureRequest.employee_id).where(ErasureRequest.status.not_in(["withdrawn"]))
    held = select(LegalHold.employee_id).where(in_force(uow))
    return (
        select(Employee.id)
        .where(
            ~Employee.active,
            Employee.erased_at.is_(None),
            last_day <= date(last_year, 12, 31),
            Employee.id.not_in(known),
            Employee.id.not_in(held),
        )
        .order_by(Employee.id)
        .limit(_MOST_LEAVERS)
    )


def _later_steps(uow: UnitOfWork, until: date) -> list[LaterStep]:
    rows = uow.session.execute(
        select(ErasureStep.request_id, ErasureStep.table_name, ErasureStep.due_on)
        .join(ErasureRequest, ErasureRequest.id == ErasureStep.request_id)
        .where(
            ErasureStep.done_at.is_(None),
            ErasureStep.due_on <= until,
            ErasureRequest.status.in_(["erasing", "partly"]),
        )
        .order_by(ErasureStep.due_on)
        .limit(200)
    )
    return [LaterStep(*row) for row in rows]
