"""The path of a newcomer by clicks and keys alone: a code by SMS, time off, a month of shifts, a document, a CSV."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from portal.domain.clock import SystemClock
from portal.domain.months import Month
from portal.domain.second_factors import Policy
from portal.services import companies
from tests.factories.absences import grant
from tests.factories.companies import make_company, work
from tests.factories.people import PASSWORD, make_employee, make_site, make_team
from tests.factories.sign_in import tell_hr_the_number

MONTH = Month.of(SystemClock().today(ZoneInfo("Europe/Prague"))).next()
DAY = MONTH.first_day + timedelta(days=7)
#: The first working week after the 7th, so that a Monday and a Tuesday are asked for.
MONDAY = DAY + timedelta(days=-DAY.weekday() % 7)
PEOPLE = """email,first_name,last_name,team,site,line_manager_email,start_date,weekly_hours,role
nora@{slug}.example,Nora,Newly,Care,Prague,mats@{slug}.example,{day},40,
ivan@{slug}.example,Ivan,Newly,Care,Prague,mats@{slug}.example,2026-01-01,40,
olga@{slug}.example,Olga,Newly,Care,Prague,mats@{slug}.example,2026-01-01,20,
"""


class Firm:
    """A company of its own that asks for codes, as nothing is rolled back here; and the way into it."""

    def __init__(self, served, visit, slug: str, *, scripts: bool = True) -> None:
        self.slug, self.visit, self.scripts = slug, visit, scripts
        staffroom = served.app.extensions["staffroom"]
        with served.app.app_context():
            company = make_company(staffroom, slug, f"Firm {slug}", second_factor_policy=Policy.EVERYONE)
            with work(staffroom, company) as uow:
                self._people(uow)

    def _people(self, uow) -> None:
        companies.verify_domain(uow, f"{self.slug}.example")
        site = make_site(uow, "Prague")
        where = {"team": make_team(uow, "Care", site), "site": site}
        mats = make_employee(uow, self.email("mats"), "Mats", "Lind", roles=("employee", "manager"), **where)
        eve = make_employee(uow, self.email("eve"), "Eve", "Malá", line_manager=mats, **where)
        pia = make_employee(uow, self.email("pia"), "Pia", "Plan", roles=("employee", "planner"), **where)
        ana = make_employee(uow, self.email("ana"), "Ana", "Nová", roles=("employee", "hr", "admin"), **where)
        for number, one in enumerate((mats, eve, pia, ana)):
            tell_hr_the_number(uow, one.id, f"+42060112300{number}")
        grant(uow, eve.id, years=(MONTH.first_day.year,))

    def email(self, name: str) -> str:
        return f"{name}@{self.slug}.example"

    def enter(self, name: str) -> Page:
        """From the start page to one's home, with password and code."""
        page = self.visit(java_script_enabled=self.scripts)
        page.goto("/")
        page.get_by_label("Company's short name or work e-mail").fill(self.email(name))
        page.keyboard.press("Enter")
        expect(page.get_by_label("Work e-mail")).to_have_value(self.email(name))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return self.confirm_phone(page, name)

    def confirm_phone(self, page: Page, name: str) -> Page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Set up your phone")
        page.get_by_role("button", name="Send me a code").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
        page.get_by_label("Code").fill(re.search(r"\b\d{6}\b", self.newest("SMS")).group())
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"Hello, {name.capitalize()}")
        return page

    def newest(self, title: str) -> str:
        """The text of the newest message of this company with this title, read where a newcomer reads it."""
        page = self.visit()
        page.goto("/outbox")
        message = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))
        text = message.filter(has_text=f"Firm {self.slug}").first.inner_text()
        page.context.close()
        return text


def go(page: Page, entry: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=entry, exact=True).click()
    expect(page.locator("nav [aria-current=page]")).to_have_text(entry)


def ask_for_time_off(firm: Firm, eve: Page) -> None:
    eve.get_by_role("link", name="Ask for time off").first.click()
    eve.get_by_role("textbox", name="First day").fill(str(MONDAY))
    eve.get_by_role("textbox", name="Last day").fill(str(MONDAY + timedelta(days=1)))
    if firm.scripts:
        eve.get_by_role("textbox", name="Note").click()
    else:
        eve.get_by_role("button", name="See what it costs").click()
    expect(eve.locator("#preview tbody tr")).to_have_count(2)
    expect(eve.locator("#preview")).to_contain_text(f"Left in {MONDAY.year}")
    eve.get_by_role("button", name="Send request").click()
    expect(eve.locator("#my-absences tbody tr").first).to_contain_text("Waiting")


def approve(mats: Page) -> None:
    mats.get_by_role("link", name="1 request").click()
    mats.get_by_label("Note to Eve Malá").fill("Enjoy.")
    mats.get_by_role("button", name="Approve").click()
    expect(mats.get_by_role("heading", name="Nothing waits for you")).to_be_visible()


def plan_and_publish(firm: Firm, pia: Page) -> None:
    go(pia, "Roster")
    pia.get_by_role("link", name="Next month").click()
    pia.get_by_role("button", name="Start a draft").click()
    expect(pia.get_by_role("heading", level=1)).to_have_text("Care")
    (plan_with_keys_and_mouse if firm.scripts else plan_with_forms)(pia)
    pia.get_by_role("link", name="Check and publish").click()
    pia.get_by_role("button", name="Publish now").click()
    expect(pia.locator("main")).to_contain_text("Version 1")


def cell(page: Page, name: str, day: int):
    return page.locator("[data-roster] tbody tr").filter(has_text=name).locator("td").nth(day - 1)


def plan_with_keys_and_mouse(pia: Page) -> None:
    """Adds by mouse and by letter, moves through the dialog, takes away by mouse and by Delete."""
    dialog = pia.get_by_role("dialog")
    for name, day in (("Eve", 1), ("Mats", 3)):
        cell(pia, name, day).click()
        dialog.get_by_role("button", name="Early").click()
        expect(cell(pia, name, day)).to_have_text("E")
    pia.keyboard.press("ArrowRight")
    pia.keyboard.press("l")
    expect(cell(pia, "Mats", 4)).to_have_text("L")
    pia.keyboard.press("Delete")
    expect(cell(pia, "Mats", 4)).to_have_text("")
    cell(pia, "Eve", 1).click()
    dialog.get_by_label("Day").fill(str(MONTH.first_day + timedelta(days=1)))
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(cell(pia, "Eve", 2)).to_have_text("E")
    cell(pia, "Mats", 3).click()
    dialog.get_by_role("button", name="Remove").click()
    expect(cell(pia, "Mats", 3)).to_have_text("")


def plan_with_forms(pia: Page) -> None:
    pia.get_by_role("link", name="Eve").click()
    pia.get_by_role("link", name="Change").nth(1).click()
    pia.get_by_role("button", name="Early").click()
    expect(pia.locator("#flashes")).to_contain_text("The roster is changed")
    go(pia, "Roster")
    pia.get_by_role("link", name="Next month").click()
    pia.get_by_role("link", name="Care").click()


def see_shifts_and_calendar(eve: Page) -> None:
    go(eve, "My shifts")
    eve.get_by_role("link", name="Next month").click()
    expect(eve.locator("main tbody tr")).to_have_count(1)
    expect(eve.locator("main tbody")).to_contain_text("Early")
    go(eve, "Calendar")
    eve.get_by_role("link", name="Later").click()
    expect(eve.locator("main tbody tr").filter(has_text="Eve").locator("td").nth(1)).to_contain_text("E")


def print_roster(ana: Page) -> None:
    go(ana, "Roster")
    ana.get_by_role("link", name="Next month").click()
    ana.get_by_role("link", name="Care").click()
    address = ana.get_by_role("link", name="Print").get_attribute("href")
    answer = ana.request.get(address)
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")


def hand_out(ana: Page) -> None:
    go(ana, "Documents")
    ana.get_by_role("link", name="Add a document").first.click()
    expect(ana.locator("nav [aria-current=page]")).to_have_text("Documents")
    ana.get_by_label("Title").fill("House rules")
    rules = {"name": "rules.txt", "mimeType": "text/plain", "buffer": b"Please wash your cup.\n"}
    ana.get_by_label("File").set_input_files(rules)
    ana.get_by_role("button", name="Add", exact=True).click()
    ana.get_by_label("To whom").select_option(label="Care")
    ana.get_by_role("button", name="Hand out").click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Who has confirmed")
    expect(ana.locator("tbody tr").filter(has_text="Not opened")).to_have_count(4)


def confirm(eve: Page) -> None:
    go(eve, "My documents")
    eve.get_by_role("link", name="House rules").click()
    with eve.context.expect_event("response", lambda answer: answer.url.endswith("/file")):
        eve.get_by_role("link", name="Open the document").click()
    eve.get_by_role("checkbox").check()
    eve.get_by_role("button", name="Confirm").click()
    expect(eve.locator("#flashes")).to_contain_text("Your confirmation of “House rules” is recorded.")


def see_who_has_not(ana: Page) -> None:
    ana.reload()
    expect(ana.locator("tbody tr").filter(has_text="Eve")).to_contain_text("Confirmed")
    expect(ana.locator("tbody tr").filter(has_text="Not opened")).to_have_count(3)


def import_three(firm: Firm, ana: Page) -> None:
    go(ana, "People")
    ana.get_by_role("link", name="Import").click()
    for day in ("31.2.2026", "2026-01-01"):
        text = PEOPLE.format(slug=firm.slug, day=day)
        ana.get_by_label("CSV or Excel file").set_input_files(
            {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
        )
        ana.get_by_role("button", name="Show what would change").click()
        if day == "31.2.2026":
            expect(ana.get_by_role("alert")).to_contain_text("1 cell needs correction")
            expect(ana.get_by_role("region", name="What needs correction")).to_contain_text(day)
            ana.get_by_role("link", name="Another file").click()
    expect(ana.get_by_role("region", name="New").locator("tbody tr")).to_have_count(3)
    ana.get_by_role("button", name="Import").click()
    expect(ana.locator("main")).to_contain_text("7 people")
    ana.get_by_role("link", name="Nora Newly").click()
    ana.get_by_role("button", name="Invite").click()
    expect(ana.locator("#flashes")).to_be_visible()


def arrive(firm: Firm) -> None:
    """The invited one chooses a password, types a number and is in."""
    page = firm.visit(java_script_enabled=firm.scripts)
    link = re.search(r"https?://[^/\s]+(/\S+)", firm.newest(f"Welcome to Firm {firm.slug} on Staffroom"))
    page.goto(link.group(1))
    page.get_by_label("New password", exact=True).fill("a lamp, two rivers and a bicycle")
    page.get_by_label("New password again").fill("a lamp, two rivers and a bicycle")
    page.get_by_role("button", name="Save and sign in").click()
    page.get_by_role("link", name="Use my phone number").click()
    page.get_by_label("Mobile number").fill("601 123 999")
    firm.confirm_phone(page, "nora")


def sign_out_everywhere(firm: Firm, ana: Page) -> None:
    ana.locator(".side-person > summary").click()
    ana.get_by_role("link", name="Security").click()
    ana.get_by_role("button", name="Sign out everywhere").click()
    if firm.scripts:
        ana.get_by_role("dialog").get_by_role("button", name="Yes, go ahead").click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_newcomer_walks_the_whole_path(served, visit):
    """Nothing but what a page offers is used, and the console stays empty."""
    firm = Firm(served, visit, "path")
    eve = firm.enter("eve")
    ask_for_time_off(firm, eve)
    approve(firm.enter("mats"))
    plan_and_publish(firm, firm.enter("pia"))
    see_shifts_and_calendar(eve)
    ana = firm.enter("ana")
    print_roster(ana)
    hand_out(ana)
    confirm(eve)
    see_who_has_not(ana)
    import_three(firm, ana)
    arrive(firm)
    go(ana, "Audit log")
    for action in ("Invitation accepted", "People imported", "Document confirmed", "Roster published"):
        expect(ana.locator("tbody")).to_contain_text(action)
    sign_out_everywhere(firm, ana)


def test_its_steps_work_without_javascript(served, visit):
    firm = Firm(served, visit, "plain", scripts=False)
    eve = firm.enter("eve")
    ask_for_time_off(firm, eve)
    approve(firm.enter("mats"))
    plan_and_publish(firm, firm.enter("pia"))
    hand_out(firm.enter("ana"))
    confirm(eve)
