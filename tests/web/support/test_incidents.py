"""An incident from the first note to the company's acknowledgement: whom it touched, who hears, what stops it (P14)."""

from __future__ import annotations

import io
import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.domain.incidents import CLOCK
from portal.integrations.keys import CompanyKeys, SealBroken
from portal.models import Company, Employee, SignInSession
from portal.services import audit_log, company_incidents, incident_clock, outbox, people, sealing
from portal.services.operator_alarms import Letters
from portal.services.sessions import hash_token
from portal.web.session_cookies import SESSION_COOKIE
from tests.fixtures.client import PortalClient

NAMES = itertools.count(1)
ADDRESSES = itertools.count(1)
WHEN = "%Y-%m-%dT%H:%M"


@pytest.fixture
def sam(house):
    return house.staff(f"Ida{next(NAMES)}")


@pytest.fixture
def browse(house):
    """A browser of a member at an address of its own; `browser.ip` says which."""

    def open_browser(member) -> PortalClient:
        browser = PortalClient(house.app)
        browser.staffroom = house.app.extensions["staffroom"]
        browser.ip = f"198.51.100.{next(ADDRESSES)}"
        browser.environ_base["REMOTE_ADDR"] = browser.ip
        return browser.sign_in(member)

    return open_browser


def opened(house, sam, **changed) -> str:
    data = {
        "title": "Laptop with an open session stolen",
        "severity": "high",
        "noticed_at": (house.clock.now() - timedelta(minutes=2)).strftime(WHEN),
        "what": "Reported by phone",
        **changed,
    }
    answer = sam.post("/operator/incidents", data)
    assert answer.status_code == 303, answer.text
    return answer.location


def search(house, sam, page, **changed):
    now = house.clock.now()
    data = {
        "since": (now - timedelta(hours=1)).strftime(WHEN),
        "until": (now + timedelta(minutes=2)).strftime(WHEN),
        **changed,
    }
    return sam.post(f"{page}/search", data)


def told(house, sam, page):
    report = {"severity": "high", "report": "What happened: a laptop was stolen.\n\nChange your passwords."}
    assert sam.post(f"{page}/report", report).status_code == 303
    assert sam.post(f"{page}/notices").status_code == 303


def actions(house, member):
    with house.as_(member) as uow:
        return [one.action for one in audit_log.list_events(uow).events]


def latest(house, member):
    with house.as_(member) as uow:
        return company_incidents.list_told(uow)[0]


def session_of(house, browser):
    """The id of the browser's session, as the log of requests has it."""
    token = browser.get_cookie(SESSION_COOKIE, domain="localhost").value
    with house.as_(browser.member) as uow:
        found = uow.session.scalar(
            select(SignInSession.id).where(SignInSession.token_hash == hash_token(token))
        )
        return str(found)


def test_a_leaked_session_leads_to_the_company_its_people_and_an_acknowledgement(house, sam, browse):
    """P14: found by the session alone; the company reads who it was, its admins and its contact get the letter."""
    cast = house.cast
    with house.as_(cast.ana) as uow:
        company_incidents.set_contact(uow, "privacy@acme.example")
    thief = browse(cast.mats)
    assert thief.get(thief.url(f"people/{cast.eve.employee_id}")).status_code == 200
    assert thief.send("preferences", {"language": "de", "theme": "auto"}).status_code == 303
    page = opened(house, sam)
    assert "None found yet" in sam.get(page).text
    assert search(house, sam, page, sessions=session_of(house, thief)).status_code == 303
    shown = sam.get(page).text
    assert ">acme<" in shown and ">beta<" not in shown
    assert cast.mats.email not in shown  # the operator sees numbers
    # Who was searched without a find reads that, too.
    assert actions(house, cast.zoe)[0] == "incident.examined"
    with house.as_(cast.ana) as uow:
        titles = [one.title for one in company_incidents.list_told(uow)]
    assert not any("Laptop" in one for one in titles)  # nothing is shown before it is told
    told(house, sam, page)
    told_now = latest(house, cast.ana)
    assert told_now.report_by - told_now.told_at == CLOCK
    with house.as_(cast.ana) as uow:
        written = {one.to: one for one in outbox.list_latest(uow) if "laptop" in one.text}
    assert set(written) == {cast.ana.email, "privacy@acme.example"}
    assert "Change your passwords." in written[cast.ana.email].text
    ana = browse(cast.ana)
    report = ana.page(f"incidents/{told_now.id}")
    assert cast.mats.email in report and "Through their session" in report
    paper = ana.get(ana.url(f"incidents/{told_now.id}/report.pdf"))
    assert paper.status_code == 200 and paper.data.startswith(b"%PDF")
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    assert "Change your passwords." in words and cast.mats.email in words and cast.acme.name in words
    assert ana.send(f"incidents/{told_now.id}/acknowledgement").status_code == 303
    assert "Read by" in ana.page(f"incidents/{told_now.id}")
    assert ">Read<" in sam.get(page).text
    zoe = browse(cast.zoe)
    assert zoe.get(zoe.url(f"incidents/{told_now.id}")).status_code == 404
    eve = browse(cast.eve)
    assert eve.get(eve.url("incidents")).status_code == 403


def test_by_address_whose_data_were_seen_is_found_too(house, sam, browse):
    """P14: whoever acted from there, and whom it was about."""
    cast = house.cast
    ana = browse(cast.ana)
    assert ana.send(f"people/{cast.eve.employee_id}/session-ends").status_code == 303
    page = opened(house, sam)
    assert search(house, sam, page, ips=ana.ip).status_code == 303
    told(house, sam, page)
    found = latest(house, cast.ana)
    with house.as_(cast.ana) as uow:
        _, people = company_incidents.show(uow, found.id)
    assert {one.email: one.used for one in people} == {cast.ana.email: True, cast.eve.email: False}


def test_a_search_that_makes_no_sense_is_answered_at_its_field_and_asks_nothing(house, sam):
    page = opened(house, sam)
    before = len(actions(house, house.cast.zoe))
    for changed, said in (
        ({"ips": "somewhere"}, "Addresses look like"),
        ({"sessions": "42"}, "Addresses look like"),
        ({"until": "2020-01-01T00:00"}, "before"),
        ({"since": "2020-01-01T00:00"}, "at most 400 days"),
        ({"since": ""}, "fill this in"),
    ):
        answer = search(house, sam, page, **changed)
        assert answer.status_code == 422 and said in answer.text, changed
    assert len(actions(house, house.cast.zoe)) == before


def test_everybody_of_a_company_is_signed_out_at_once(house, sam, browse):
    cast = house.cast
    mats, zoe = browse(cast.mats), browse(cast.zoe)
    page = opened(house, sam)
    assert sam.post(f"{page}/measures", {"measure": "end-sessions", "company": "acme"}).status_code == 303
    assert mats.send("preferences", {"language": "de"}).status_code == 303
    assert "/sign-in" in mats.get(mats.url("")).location
    assert zoe.get(zoe.url("")).status_code == 200
    assert actions(house, cast.ana)[0] == "incident.contained"
    assert "end-sessions in acme" in sam.get(page).text
    assert sam.post(f"{page}/measures", {"measure": "explode", "company": "acme"}).status_code == 400
    assert sam.post(f"{page}/measures", {"measure": "end-sessions", "company": "nobody"}).status_code == 404


def test_a_company_that_is_held_reads_and_changes_nothing(house, sam, browse):
    """P14, T200: every write is refused with a page that says why, erasing too; the report and leaving stay open."""
    cast = house.cast
    page = opened(house, sam)
    held = {"measure": "read-only", "company": "beta"}
    assert sam.post(f"{page}/measures", held).status_code == 303
    try:
        zoe = browse(cast.zoe)
        led = ["Go to the incidents" in zoe.page(page_of_hers) for page_of_hers in ("people", "incidents")]
        assert "keeps everything as it is" in zoe.page("people") and led == [True, False]
        refused = zoe.send("settings", {"name": "Changed"})
        assert refused.status_code == 403 and "to stop an incident" in refused.text
        for destroys in (
            f"privacy/requests/{uuid4()}/approval",
            f"privacy/holds/{uuid4()}/lifting",
            "licence/closing",
            f"licence/closings/{uuid4()}/confirmation",
        ):
            refused = zoe.send(destroys)
            assert refused.status_code == 403 and "to stop an incident" in refused.text, destroys
        assert zoe.send("incidents/contact", {"security_contact": "dpo@beta.example"}).status_code == 303
    finally:
        sam.post(f"{page}/measures", {"measure": "lift-read-only", "company": "beta"})
    with house.as_(cast.zoe) as uow:
        row = uow.session.get(Company, cast.beta.id)
        assert (row.name.split()[0], row.read_only_since, row.security_contact) == (
            "Beta",
            None,
            "dpo@beta.example",
        )
    assert "keeps everything as it is" not in zoe.page("people")


def test_the_clock_runs_from_the_noticing_and_an_untold_company_keeps_it_open(house, sam, browse):
    """P14, T198: and what is closed stays as it was told."""
    noticed = house.clock.now() - timedelta(hours=73)
    page = opened(house, sam, noticed_at=noticed.strftime(WHEN))
    assert "Late:" in sam.get(page).text
    future = {"title": "x", "severity": "low", "what": "y", "noticed_at": "2090-01-01T00:00"}
    assert "yet to come" in sam.post("/operator/incidents", future).text
    browser = browse(house.cast.mats)
    search(house, sam, page, sessions=session_of(house, browser))
    assert sam.post(f"{page}/notices").status_code == 409  # nothing is written that could be told
    assert sam.post(f"{page}/end").status_code == 409
    told(house, sam, page)
    assert "Late:" not in sam.get(page).text
    assert sam.post(f"{page}/end").status_code == 303
    report = {"severity": "low", "report": "Nothing happened."}
    for path, data in (
        ("entries", {"text": "more"}),
        ("report", report),
        ("notices", {}),
        ("measures", {"measure": "read-only"}),
    ):
        assert sam.post(f"{page}/{path}", data).status_code == 409, path
    assert search(house, sam, page).status_code == 409
    assert "Closed on" in sam.get(page).text
    assert "Laptop" in sam.get("/operator/incidents").text


def test_customers_host_knows_no_page_of_it(house, browse):
    ana = browse(house.cast.ana)
    assert ana.get("/operator/incidents").status_code == 404


def a_press_alone_asks_for_the_app(house, sam, page):
    """An open session alone renews no key: a code of the app once more, each of which opens once."""
    wanted = {"measure": "new-key", "company": "acme"}
    asked = sam.post(f"{page}/measures", wanted)
    assert asked.status_code == 200
    assert "Confirm the new key" in asked.text
    used = sam.code()
    for wrong in ("", "000000", used):
        assert sam.post(f"{page}/measures", wanted | {"code": wrong}).status_code == 422
    assert actions(house, house.cast.ana)[0] != "incident.contained"
    sam.clock.ahead += timedelta(seconds=30)
    assert sam.post(f"{page}/measures", wanted | {"code": sam.code()}).status_code == 303


def test_a_new_data_key_seals_from_now_on_and_opens_what_was_before(house, sam, browse):
    """P14: with one press; the company reads it in its log."""
    cast, page = house.cast, opened(house, sam)
    with house.as_(cast.ana) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        people.seal_phone(uow, eve, "+420601123456")
        before = eve.phone_sealed
    a_press_alone_asks_for_the_app(house, sam, page)
    assert actions(house, cast.ana)[0] == "incident.contained"
    with house.as_(cast.ana) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        assert (
            sealing.open_text(uow, before, row=Employee, column="phone_sealed", row_id=eve.id)
            == "+420601123456"
        )
        people.seal_phone(uow, eve, "+420601123456")
        after = eve.phone_sealed
        assert sealing.company_keys(uow).current == 2
        old = CompanyKeys({1: sealing.company_keys(uow).data_keys[1]})
        place = {"table": "employee", "column": "phone_sealed", "row_id": eve.id, "company_id": cast.acme.id}
        with pytest.raises(SealBroken):
            old.open_text(after, **place)


def test_the_operator_is_warned_before_the_clock_runs_out(house, sam):
    """P14: a day and six hours before, and when it is over; not once everybody was told."""
    noticed = house.clock.now() - timedelta(hours=50)
    opened(house, sam, noticed_at=noticed.strftime(WHEN))
    sent = []

    class Post:
        def send(self, mail):
            sent.append(mail.text)

    letters = Letters(Post(), "operations@example.com", "http://localhost")
    with house.app.app_context():
        for hours in (0, 1, 17, 18, 23):
            incident_clock.look(house.clock.now() + timedelta(hours=hours), letters)
    mine = [one for one in sent if f"{noticed + CLOCK:%Y-%m-%d %H:%M}" in one]
    assert [one.partition(" incident")[0] for one in mine] == [
        "Less than 24 hours are left to tell companies of an",
        "Less than 6 hours are left to tell companies of an",
        "Companies should have been told of an",
    ]
    assert "docs/operations.md" in mine[0]
