"""What has been kept long enough goes, no more than that, and HR is told beforehand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from portal.models import (
    Employee,
    Employment,
    ErasureRequest,
    OutboxMessage,
    SignInAttempt,
    SignInLink,
    SignInSession,
)
from portal.models.identity import LinkPurpose
from portal.services import retention
from portal.services.forgetting import holds


def count(uow, model) -> int:
    return uow.session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def traces(cast, as_):
    """A link that ended 8 days ago and one that ended 6 days ago; a letter of 91 days and one of 89."""
    with as_(cast.ana) as uow:
        now = uow.clock.now()
        for days in (8, 6):
            uow.session.add(
                SignInLink(
                    employee_id=cast.eve.employee_id,
                    purpose=LinkPurpose.INVITATION,
                    token_hash=bytes([days]),
                    expires_at=now - timedelta(days=days),
                )
            )
        for days in (91, 89):
            uow.session.add(
                OutboxMessage(
                    channel="mail",
                    template="invitation",
                    employee_id=cast.eve.employee_id,
                    letter_sealed=b"x",
                    status="sent",
                    created_at=now - timedelta(days=days),
                )
            )
        uow.session.add(
            SignInAttempt(
                subject_hash=b"x",
                employee_id=cast.eve.employee_id,
                ip="192.0.2.1",
                step="password",
                succeeded=False,
                attempted_at=now - timedelta(days=400),
            )
        )


def test_what_is_past_its_time_goes_and_nothing_else(traces, cast, as_):
    with as_(cast.ana) as uow:
        before = {model: count(uow, model) for model in (SignInLink, OutboxMessage, SignInSession)}
        gone = retention.apply(uow)
    assert (gone["sign_in_link"], gone["outbox_message"], gone["sign_in_attempt"]) == (1, 1, 1)
    with as_(cast.ana) as uow:
        assert count(uow, SignInLink) == before[SignInLink] - 1
        assert count(uow, OutboxMessage) == before[OutboxMessage] - 1
        assert count(uow, SignInSession) == before[SignInSession]
        assert retention.apply(uow) == {}


def test_the_page_says_beforehand_what_goes(traces, cast, as_):
    with as_(cast.ana) as uow:
        told = {one.table: (one.now, one.next_month) for one in retention.outlook(uow).classes}
    assert told["sign_in_link"] == (1, 2)
    assert told["outbox_message"] == (1, 2)


def test_people_on_hold_keep_everything(traces, cast, as_):
    with as_(cast.ana) as uow:
        holds.place(uow, email="eve@acme.example", reason="A lawsuit", until_date=None)
    with as_(cast.ana) as uow:
        assert retention.apply(uow) == {}


@pytest.mark.parametrize(("last_day", "opened"), [(date(2022, 12, 31), 1), (date(2023, 1, 1), 0)])
def test_who_left_long_ago_gets_a_request_and_is_not_erased_by_a_clock(cast, as_, last_day, opened):
    """In June 2026: the third year after 2022 ended with 2025, the one after 2023 ends with 2026."""
    with as_(cast.ana) as uow:
        eve = cast.eve.employee_id
        uow.session.execute(update(Employment).where(Employment.employee_id == eve).values(end_date=last_day))
        uow.session.execute(update(Employee).where(Employee.id == eve).values(active=False))
    for _night in range(2):
        with as_(cast.ana) as uow:
            retention.apply(uow)
    with as_(cast.ana) as uow:
        requests = uow.session.scalars(select(ErasureRequest)).all()
        assert [(one.origin, one.status) for one in requests] == [("retention", "open")] * opened
        assert uow.session.get(Employee, (cast.acme.id, eve)).erased_at is None


def test_another_company_is_not_touched(traces, cast, as_):
    with as_(cast.zoe) as uow:
        assert retention.apply(uow) == {}
    with as_(cast.ana) as uow:
        assert retention.outlook(uow).classes[4].now == 1
