"""People are told in a letter which days lapse when; opening it proves nothing, saying so does (pain 20)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.entitlement_plans import Milestone, Plan, SeniorityUnit
from portal.models import AbsenceType, LapseNotice
from portal.services import accruals, entitlement_plans, lapse_notices
from tests.fixtures.letters import latest


@pytest.fixture
def entitled(as_, cast):
    with as_(cast.ana) as uow:
        kind = uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == "vacation")).one()
        entitlement_plans.change(
            uow, kind, Plan(date(2026, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 25_000),))
        )
        uow.session.flush()
        accruals.post(uow)


def own_notice(as_, member):
    with as_(member) as uow:
        own = LapseNotice.employee_id == member.employee_id
        return uow.session.scalars(select(LapseNotice).where(own)).one()


def test_letters_go_once_and_who_confirms_is_listed(client, as_, cast, entitled):
    client.sign_in(cast.ana)
    assert client.send("lapse-notices", {"through": "2026-12-31"}).status_code == 303
    assert client.send("lapse-notices", {"through": "2026-12-31"}).status_code == 303
    with as_(cast.ana) as uow:
        letter = latest(uow, cast.eve.email)
        assert "25" in letter.text and "31 Dec 2026" in letter.text
    notice = own_notice(as_, cast.eve)
    client.sign_in(cast.eve)
    page = client.page(f"lapse-notices/{notice.id}")
    assert "I have read this" in page and "25 days" in page
    assert own_notice(as_, cast.eve).read_at is None
    assert client.send(f"lapse-notices/{notice.id}/confirmation", {}).status_code == 303
    first = own_notice(as_, cast.eve).read_at
    assert first is not None
    client.send(f"lapse-notices/{notice.id}/confirmation", {})
    assert own_notice(as_, cast.eve).read_at == first
    page = client.sign_in(cast.ana).page("lapse-notices")
    assert "1 of 5 have confirmed." in page
    assert client.send("lapse-notices/reminders", {}).status_code == 303
    assert own_notice(as_, cast.eve).reminders == 0
    assert own_notice(as_, cast.otto).reminders == 1


def test_nobody_opens_or_confirms_the_letter_of_another(client, as_, cast, entitled):
    with as_(cast.ana) as uow:
        assert lapse_notices.send(uow, date(2026, 12, 31)) == 5
        assert lapse_notices.send(uow, date(2026, 12, 31)) == 0
    notice = own_notice(as_, cast.eve)
    for member in (cast.otto, cast.ana):
        client.sign_in(member)
        assert client.get(f"lapse-notices/{notice.id}").status_code == 404
        assert client.send(f"lapse-notices/{notice.id}/confirmation", {}).status_code == 404
    assert own_notice(as_, cast.eve).read_at is None
    assert client.sign_in(cast.eve).send("lapse-notices", {"through": "2026-12-31"}).status_code in {403, 404}


def test_a_day_that_is_over_is_no_day_to_warn_of(client, cast, entitled):
    client.sign_in(cast.ana)
    assert client.send("lapse-notices", {"through": "2026-01-31"}).status_code == 422
