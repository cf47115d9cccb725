"""The second channel: who has not decided after a letter gets one SMS, where the company wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.integrations.sms import TwilioSender
from portal.jobs import approval_reminders, approval_texts
from portal.models import Absence, AuditEvent, Company, Employee, OutboxMessage
from portal.models.outbox_message import Channel, MessageStatus
from portal.services import absence_entries, absences, outbox
from tests.factories.absences import ask, grant, wish
from tests.factories.sign_in import PHONE, bind_phone, factor_of, tell_hr_the_number

PAGE = "settings/approval-texts"
FAR, DAY = date(2026, 8, 3), timedelta(days=1)
#: A Monday; the letter comes on Thursday, the SMS on Friday.
MONDAY = datetime(2026, 6, 15, 9, tzinfo=UTC)
FRIDAY = MONDAY + 4 * DAY


@pytest.fixture
def waits(as_, cast, clock, app):
    """Eve's request waits for Mats, who has a proven number and has got a letter."""
    clock.move_to(MONDAY)
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id)
        bind_phone(uow, cast.mats.employee_id)
        switch(uow, on=True)
    with as_(cast.eve) as uow:
        absence_id = ask(uow, FAR).id
    clock.move_to(MONDAY + 3 * DAY)
    with app.app_context():
        approval_reminders.run()
    clock.move_to(FRIDAY)
    return absence_id


@pytest.fixture
def run(app, as_, cast):
    def _run():
        with app.app_context():
            approval_texts.run()
        with as_(cast.ana) as uow:
            rows = uow.session.scalars(select(OutboxMessage).where(OutboxMessage.channel == Channel.SMS))
            return len(rows.all())

    return _run


def switch(uow, *, on, a_day=20):
    company = uow.session.get_one(Company, uow.company.id)
    company.approval_texts, company.approval_texts_a_day = on, a_day


def test_one_sms_and_no_second_one_however_often_it_is_looked_at(waits, run, as_, cast, clock):
    assert (run(), run()) == (1, 1)
    clock.advance(3 * DAY)
    assert run() == 1, "told of it already"
    with as_(cast.ana) as uow:
        message = outbox.list_latest(uow)[0]
        event = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert message.to == PHONE
    assert message.text.startswith("A request waits for your decision at Acme")
    for secret in (cast.eve.name, "Vacation", "August", "http"):
        assert secret not in message.text
    assert (event.action, event.subject_id) == ("approval-texts.sent", cast.mats.employee_id)


def test_it_leaves_by_the_queue_to_the_provider(waits, run, as_, cast, twilio):
    run()
    with as_(cast.ana) as uow:
        sender = TwilioSender("AC" + "0" * 32, "token", "+15005550006", base_url=twilio.url)
        uow.outside = replace(uow.outside, sms=sender)
        row = uow.session.scalars(select(OutboxMessage).where(OutboxMessage.channel == Channel.SMS)).one()
        assert outbox.send(uow, row.id)
        assert row.status is MessageStatus.SENT
    assert [(one["To"], one["Body"][:17]) for one in twilio.asked] == [(PHONE, "A request waits f")]


def _company_off(uow, cast):
    del cast
    switch(uow, on=False)


def _no_number(uow, cast):
    uow.session.delete(factor_of(uow, cast.mats.employee_id))


def _typed_by_hr(uow, cast):
    _no_number(uow, cast)
    tell_hr_the_number(uow, cast.mats.employee_id)


def _not_proven(uow, cast):
    factor_of(uow, cast.mats.employee_id).confirmed_at = None


def _switched_off(uow, cast):
    factor_of(uow, cast.mats.employee_id).disabled_at = uow.clock.now()


def _elsewhere(uow, cast):
    uow.session.get_one(Employee, (uow.company.id, cast.mats.employee_id)).time_zone = "America/New_York"


def _codes_stopped(uow, cast):
    del cast
    uow.session.get_one(Company, uow.company.id).codes_stopped_until = uow.clock.now() + DAY


def _used_up(uow, cast):
    otto = uow.session.get_one(Employee, (uow.company.id, cast.otto.employee_id))
    outbox.queue_mail(
        uow, otto, "decisions_waiting", requests=[], count=1, mixed=False, more=0, link="https://x.example"
    )
    uow.session.flush()
    row = uow.session.scalars(select(OutboxMessage).where(OutboxMessage.employee_id == otto.id)).one()
    row.template = "decisions_wait"
    switch(uow, on=True, a_day=1)


def _decided(uow, cast):
    absence = uow.session.scalars(select(Absence)).one()
    absences.approve(uow, absence.id, version=1)


def _away(uow, cast):
    absence_entries.enter(uow, uuid4(), cast.mats.employee_id, wish(uow, FRIDAY.date()))


@pytest.mark.parametrize(
    "done",
    [
        _company_off,
        *(_no_number, _typed_by_hr, _not_proven, _switched_off),
        *(_elsewhere, _codes_stopped, _used_up, _decided, _away),
    ],
)
def test_nobody_is_texted_who_should_not_be(waits, run, as_, cast, done):
    with as_(cast.ana) as uow:
        done(uow, cast)
    assert run() == 0


@pytest.mark.parametrize("moment", [FRIDAY.replace(hour=5), FRIDAY.replace(hour=16), FRIDAY + DAY])
def test_nobody_is_texted_in_the_morning_the_evening_or_at_the_weekend(waits, run, clock, moment):
    clock.move_to(moment)
    assert run() == 0


def test_nobody_is_texted_once_more_people_are_asked(waits, run, clock, app):
    clock.move_to(MONDAY + 7 * DAY)
    with app.app_context():
        approval_reminders.run()
    assert run() == 0


def test_the_page_switches_it_on_within_sane_hours(client, cast, as_):
    client.sign_in(cast.ana)
    assert "Remind approvers by SMS too" in client.page(PAGE)
    good = {"on": "y", "first_hour": "9", "end_hour": "17", "a_day": "30"}
    bad = client.send(PAGE, good | {"first_hour": "17", "end_hour": "9"})
    assert bad.status_code == 422
    assert "has to be after the first one" in bad.text
    assert client.send(PAGE, good | {"a_day": "501"}).status_code == 422
    assert client.send(PAGE, good | {"first_hour": "6"}).status_code == 422
    with as_(cast.ana) as uow:
        assert not uow.session.get_one(Company, uow.company.id).approval_texts, (
            "off until somebody asks for it"
        )
    assert client.send(PAGE, good).status_code == 303
    with as_(cast.ana) as uow:
        company = uow.session.get_one(Company, uow.company.id)
        assert (company.approval_texts, company.approval_texts_from) == (True, 9)
        actions = uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq.desc())).first()
    assert actions == "approval-texts.changed"
    client.sign_in(cast.mats)
    assert client.get(f"/c/acme/{PAGE}").status_code == 403
