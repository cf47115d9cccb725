"""The roster as a spreadsheet, in a real browser: letters, Delete, Enter and the arrow keys, and quick typing."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from itertools import count

import pytest
from playwright.sync_api import expect

from portal.domain.months import Month
from tests.factories.companies import work
from tests.factories.rosters import draft, drafted, make_template, plan, publish
from tests.fixtures.browser import check_accessibility

#: Nothing is rolled back here: each test plans a month of its own.
_MONTHS = (Month(2031 + number // 12, number % 12 + 1) for number in count())


class Desk:
    """A planner at the roster of Care."""

    def __init__(self, served, visit, **options) -> None:
        self.served, self.cast = served, served.cast
        self.month = next(_MONTHS)
        with self.at_work() as uow:
            self.roster_id = draft(uow, self.cast.teams["care"], month=self.month)
        self.page = visit(self.cast.pia, **options)
        self.path = f"/c/acme/rosters/{self.roster_id}/"

    @contextmanager
    def at_work(self):
        member = self.cast.pia
        staffroom = self.served.app.extensions["staffroom"]
        with self.served.app.app_context(), work(staffroom, member.company, member.actor) as uow:
            yield uow

    def open(self):
        answer = self.page.goto(self.path)
        assert answer.status == 200
        return self

    def cell(self, name: str, day: int):
        row = self.page.locator("[data-roster] tbody tr").filter(has_text=name)
        return row.locator("td").nth(day - 1)

    def planned(self) -> dict[tuple[str, int], int]:
        people = {member.employee_id: name for name, member in self.cast.people.items()}
        with self.at_work() as uow:
            return {
                (people[one.employee_id], one.date.day): one.paid_minutes
                for one in drafted(uow, self.roster_id)
            }

    def day(self, number: int) -> date:
        return self.month.first_day.replace(day=number)


@pytest.fixture
def desk(served, visit):
    return Desk(served, visit).open()


def focus(desk, name: str, day: int) -> None:
    """By keyboard alone, as nobody clicks: the first cell is the table's tab stop."""
    desk.page.locator('[data-roster] tbody [tabindex="0"]').first.focus()
    desk.page.keyboard.press("Control+Home")
    rows = desk.page.locator("[data-roster] tbody tr").all_inner_texts()
    for _ in range(next(number for number, row in enumerate(rows) if name in row)):
        desk.page.keyboard.press("ArrowDown")
    for _ in range(day - 1):
        desk.page.keyboard.press("ArrowRight")
    expect(desk.cell(name, day)).to_be_focused()


def test_letters_plan_replace_and_delete_empties(desk):
    focus(desk, "Eve", 3)
    desk.page.keyboard.press("e")
    expect(desk.cell("Eve", 3)).to_have_text("E")
    expect(desk.cell("Eve", 3)).to_be_focused()
    desk.page.keyboard.press("n")
    expect(desk.cell("Eve", 3)).to_have_text("N")
    assert desk.planned() == {("eve", 3): 480}
    desk.page.keyboard.press("Delete")
    expect(desk.cell("Eve", 3)).to_have_text("")
    assert desk.planned() == {}


def test_quick_typing_loses_nothing(desk):
    """Ten days as fast as keys can be pressed, without waiting for one answer."""
    focus(desk, "Mats", 1)
    for letter in "eelleenell":
        desk.page.keyboard.press(letter)
        desk.page.keyboard.press("ArrowRight")
    expect(desk.cell("Mats", 11)).to_be_focused()
    for day, letter in enumerate("EELLEEN", start=1):
        expect(desk.cell("Mats", day)).to_have_text(letter)
    # N of the 7th runs until 6:30, so E of the 8th is refused; L after it is not.
    expect(desk.page.locator("#flashes")).to_contain_text("already works at that time")
    expect(desk.cell("Mats", 10)).to_have_text("L")
    expect(desk.cell("Mats", 8)).to_have_text("")
    assert len(desk.planned()) == 9
    expect(desk.page.locator("#roster-totals")).to_contain_text("72:00")


def test_a_code_of_two_letters_waits_for_the_second(desk):
    with desk.at_work() as uow:
        make_template(uow, "N2", "20:00", "23:00")
    desk.open()
    focus(desk, "Eve", 5)
    desk.page.keyboard.type("n2")
    expect(desk.cell("Eve", 5)).to_have_text("N2")
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("n")
    expect(desk.cell("Eve", 6)).to_have_text("N")


def test_a_click_opens_the_day_and_a_button_plans_in_it(desk):
    desk.cell("Eve", 4).click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Eve")
    check_accessibility(desk.page)
    dialog.get_by_role("button", name="Late").click()
    expect(dialog).to_be_hidden()
    expect(desk.cell("Eve", 4)).to_have_text("L")
    expect(desk.cell("Eve", 4)).to_be_focused()


#: Where the keys go at the moment the row was replaced, before any later event.
WATCH = """() => new MutationObserver((_, observer) => {
  window.focusedAtOnce = document.activeElement.cellIndex;
  observer.disconnect();
}).observe(document.querySelector("[data-roster]"), {childList: true, subtree: true})"""


@pytest.mark.parametrize("by", ["dialog", "letter"])
def test_the_keys_go_to_the_cell_the_moment_its_row_changes(desk, by):
    """Who presses an arrow as soon as the code stands there moves from that cell, not from nowhere."""
    focus(desk, "Eve", 4)
    desk.page.evaluate(WATCH)
    if by == "dialog":
        desk.cell("Eve", 4).click()
        desk.page.get_by_role("dialog").get_by_role("button", name="Early").click()
    else:
        desk.page.keyboard.press("e")
    expect(desk.cell("Eve", 4)).to_have_text("E")
    assert desk.page.evaluate("window.focusedAtOnce") == 4


def test_enter_opens_and_a_shift_is_moved_to_somebody_else(desk):
    with desk.at_work() as uow:
        plan(uow, desk.roster_id, desk.cast.eve.employee_id, desk.day(2), "E")
    desk.open()
    focus(desk, "Eve", 2)
    desk.page.keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Person").select_option(label=desk.cast.mats.name)
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(desk.cell("Mats", 2)).to_have_text("E")
    expect(desk.cell("Eve", 2)).to_have_text("")


def test_a_refusal_is_said_in_the_dialog_and_escape_leads_back(desk):
    with desk.at_work() as uow:
        plan(uow, desk.roster_id, desk.cast.eve.employee_id, desk.day(2), "E")
    desk.open()
    desk.cell("Eve", 2).click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Late").click()
    expect(dialog.get_by_role("alert")).to_contain_text("already works at that time")
    desk.page.keyboard.press("Escape")
    expect(desk.cell("Eve", 2)).to_be_focused()


def test_what_another_planner_did_is_shown_and_kept(desk):
    """T158."""
    with desk.at_work() as uow:
        plan(uow, desk.roster_id, desk.cast.eve.employee_id, desk.day(6), "L")
    focus(desk, "Eve", 6)
    desk.page.keyboard.press("e")
    expect(desk.page.locator("#flashes")).to_contain_text("nothing was overwritten")
    expect(desk.cell("Eve", 6)).to_have_text("L")


def test_everything_works_without_javascript(served, visit):
    desk = Desk(served, visit, java_script_enabled=False).open()
    desk.page.get_by_role("link", name="Eve").click()
    desk.page.get_by_role("link", name="Change").nth(2).click()
    desk.page.get_by_role("button", name="Night").click()
    expect(desk.page.locator("#flashes")).to_contain_text("The roster is changed")
    assert desk.planned() == {("eve", 3): 480}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_a_roster_is_accessible(served, visit, scheme):
    desk = Desk(served, visit, color_scheme=scheme)
    eve = desk.cast.eve.employee_id
    with desk.at_work() as uow:
        plan(uow, desk.roster_id, eve, desk.day(1), "E")
        publish(uow, desk.roster_id)
        plan(uow, desk.roster_id, eve, desk.day(3), "L")
    person = f"people/{eve}"
    for path in ("", person, f"{person}/{desk.day(1)}", "publication"):
        assert desk.page.goto(desk.path + path).status == 200
        check_accessibility(desk.page)
    for path in ("rosters", "shift-templates", "shift-templates/new", "shifts"):
        assert desk.page.goto(f"/c/acme/{path}?month={desk.month}").status == 200
        check_accessibility(desk.page)
