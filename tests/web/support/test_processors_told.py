"""Every company hears of a processor once, and its notice counts from when it heard."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import func, select, update

from portal.database_url import libpq
from portal.models import Employee, OutboxMessage, Processor, ProcessorNotice
from portal.services import processors
from tests.factories.companies import make_company, work
from tests.fixtures.client import PortalClient
from tests.web.support.test_processors import described, processors_now, tell


@pytest.fixture(scope="module")
def sam(house):
    return house.staff("Pia")


@pytest.fixture(autouse=True)
def _now(house):
    yield
    house.clock.ahead = timedelta(0)


def enter(house, sam, name, **changed) -> None:
    assert sam.post("/operator/processors", described(house, name=name, **changed)).status_code == 303


def letters(house, member) -> int:
    with house.as_(member) as uow:
        told = OutboxMessage.template == "processor_announced"
        return uow.session.scalar(select(func.count()).select_from(OutboxMessage).where(told))


def line_of(house, member, name):
    with house.as_(member) as uow:
        return next(one for one in processors.list_for_company(uow) if one.processor.name == name)


def admins_of_beta(house, *, active) -> None:
    with house.as_(house.cast.zoe) as uow:
        uow.session.execute(update(Employee).values(active=active))


def page_of(house, member) -> str:
    browser = PortalClient(house.app)
    browser.staffroom = house.app.extensions["staffroom"]
    browser.sign_in(member)
    shown = browser.page("processors")
    return shown[shown.index("</h1>") :]


def test_the_notice_of_a_company_counts_from_when_it_was_told(house, sam):
    """T199: Beta cannot be told for forty days; for it, and for the register as a whole, the notice begins then."""
    before = [letters(house, one) for one in (house.cast.ana, house.cast.zoe)]
    admins_of_beta(house, active=False)
    enter(house, sam, "Post Elbe")
    waits = sam.get("/operator/processors").text
    assert "Told 0 of 2 companies." in waits and "30 days after all companies are told" in waits
    tell(house)
    shown = sam.get("/operator/processors").text
    assert "Told 1 of 2 companies. Not yet: <bdi>Beta</bdi>" in " ".join(shown.split())
    house.clock.ahead = timedelta(days=40)
    tell(house)
    assert not line_of(house, house.cast.ana, "Post Elbe").planned, "Acme had its thirty days"
    for waiting in (line_of(house, house.cast.zoe, "Post Elbe"), of_all(house, "Post Elbe")):
        assert (waiting.planned, waiting.begins, waiting.told_on) == (True, None, None)
    admins_of_beta(house, active=True)
    assert "30 days after you are told" in page_of(house, house.cast.zoe)
    tell(house)
    today = house.clock.now().date()
    for told in (line_of(house, house.cast.zoe, "Post Elbe"), of_all(house, "Post Elbe")):
        assert (told.planned, told.told_on) == (True, today)
        assert told.begins == today + timedelta(days=30)
    house.clock.ahead = timedelta(days=69)
    assert line_of(house, house.cast.zoe, "Post Elbe").planned
    house.clock.ahead = timedelta(days=70)
    assert not line_of(house, house.cast.zoe, "Post Elbe").planned
    after = [letters(house, one) for one in (house.cast.ana, house.cast.zoe)]
    assert after == [count + 1 for count in before]


def of_all(house, name):
    return next(one for one in processors_now(house) if one.processor.name == name)


def test_one_in_use_that_a_company_heard_of_late_is_shown_as_late(house, sam):
    """T199: to the company on its own page, before it is told and after."""
    enter(house, sam, "Depot", since="2026-01-01")
    for _before_and_after in range(2):
        line = line_of(house, house.cast.zoe, "Depot")
        assert (line.late, line.planned) == (True, False)
        page = page_of(house, house.cast.zoe)
        assert "Told late" in page[page.index("<bdi>Depot</bdi>") :].split("<dl")[0]
        tell(house)


def test_the_operator_hears_of_companies_that_are_not_told(house, sam, caplog):
    admins_of_beta(house, active=False)
    enter(house, sam, "Signal")
    tell(house)
    assert "processors-untold" not in caplog.text
    house.clock.ahead = timedelta(days=1, minutes=1)
    tell(house)
    assert "alarm: processors-untold" in caplog.text
    admins_of_beta(house, active=True)
    tell(house)
    assert "alarm over: processors-untold" in caplog.text


def test_a_company_that_comes_later_finds_it_on_the_register(house, sam):
    enter(house, sam, "Archive")
    tell(house)
    staffroom = house.app.extensions["staffroom"]
    with house.app.app_context():
        gamma = make_company(staffroom, "gamma", "Gamma")
        tell(house)
        with work(staffroom, gamma) as uow:
            line = next(one for one in processors.list_for_company(uow) if one.processor.name == "Archive")
            assert uow.session.scalar(select(func.count()).select_from(ProcessorNotice)) == 0
    assert (line.here_before, line.late, line.begins) == (True, False, line.processor.since)
    assert "of 3 companies" not in sam.get("/operator/processors").text


def test_what_is_on_the_register_is_told_also_when_nobody_was_woken(house, sam):
    """T201: the portal dies between the two: the register stands, and the next look of the worker tells of it."""
    tell(house)
    before = letters(house, house.cast.ana)
    rename = "ALTER FUNCTION procrastinate_defer_jobs_v1 RENAME TO {}"
    with psycopg.connect(libpq(house.admin_url), autocommit=True) as admin:
        admin.execute(rename.format("away"))
        try:
            answer = sam.post("/operator/processors", described(house, name="Unheard"))
            assert answer.status_code == 500
        finally:
            admin.execute(
                rename.replace("procrastinate_defer_jobs_v1", "away").format("procrastinate_defer_jobs_v1")
            )
    assert "Unheard" in sam.get("/operator/processors").text
    assert letters(house, house.cast.ana) == before
    tell(house)
    assert letters(house, house.cast.ana) == before + 1


def test_two_workers_at_once_tell_nobody_twice(house, sam, caplog):
    """T201: one waits for the other, and finds that it is done."""
    tell(house)
    enter(house, sam, "Twice")
    before = letters(house, house.cast.ana)

    with ThreadPoolExecutor(4) as several:
        for done in [several.submit(tell, house) for _worker in range(4)]:
            done.result()
    assert "failed for company" not in caplog.text
    assert letters(house, house.cast.ana) == before + 1
    with house.as_(house.cast.ana) as uow:
        entered = select(Processor.id).where(Processor.name == "Twice").scalar_subquery()
        told = select(func.count()).select_from(ProcessorNotice)
        assert uow.session.scalar(told.where(ProcessorNotice.processor_id == entered)) == 1
