"""What stands in the cells of the month: shading, joins, escaping, and what is left out."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from portal.blueprints.calendar.grid import day_classes, look_of, row_cells
from portal.domain.months import Month
from portal.domain.periods import Part
from portal.services.balances import TypeFacts
from portal.services.holiday_days import Region
from portal.services.team_calendar import AwayPart, PersonMonth

CZ = Region("CZ", None)
TRAINING = TypeFacts(uuid4(), "training", "Training", "T", "blue")
MONTH = Month(2026, 8)


@pytest.fixture
def cells(app):
    """The 31 cells of August 2026 for someone with these entries, without the opening tag's name."""

    def write(away=None, shifts=None, holidays=None):
        with app.test_request_context():
            look = look_of(MONTH.days(), date(2026, 8, 12))
            person = PersonMonth(uuid4(), "Ana", "", CZ, away or {}, shifts or {})
            written = row_cells(look, person, day_classes(look, holidays or {}))
        return str(written).split("<td")[1:]

    return write


def approved(kind=TRAINING, part=Part.FULL) -> AwayPart:
    return AwayPart(kind, True, part)


def test_an_empty_month_is_thirty_one_short_cells(cells):
    found = cells(holidays={date(2026, 8, 15): "Assumption", date(2026, 8, 12): "Fair"})
    assert len(found) == 31
    assert found[0] == " class=w>"  # Saturday
    assert found[2] == ">"
    assert found[11] == ' class="h t">'
    assert found[14] == " class=h>"  # a holiday on a Saturday is drawn as a holiday


def test_neighbouring_days_join_and_kinds_do_not(cells):
    other = TypeFacts(uuid4(), "leave", "Leave", "L", "pink")
    found = cells(
        {3: [approved()], 4: [approved()], 5: [approved(other)], 6: [AwayPart(other, False, Part.FULL)]}
    )
    assert found[2] == '><b class="c-blue j" title="Training">T</b>'
    assert found[3] == '><b class="c-blue k" title="Training">T</b>'
    assert found[4] == '><b class=c-pink title="Leave">L</b>'
    assert found[5] == '><b class="c-pink q" title="Leave, requested">L<i>, requested</i></b>'


def test_two_halves_of_a_day_stand_beside_each_other(cells):
    found = cells({3: [approved(part=Part.AM), AwayPart(None, False, Part.PM)]})
    assert found[2] == (
        '><b class="c-blue am" title="Training, morning">T<i>, morning</i></b>'
        '<b class="c-grey q pm" title="Away, afternoon, requested">×<i>, afternoon, requested</i></b>'
    )


def test_without_a_kind_only_away_is_written_and_no_seam_shows(cells):
    """T87: two absences of different types, side by side, are one grey bar to a colleague."""
    found = cells({3: [AwayPart(None, True, Part.FULL)], 4: [AwayPart(None, True, Part.FULL)]})
    assert found[2:4] == [
        '><b class="c-grey j" title="Away">×</b>',
        '><b class="c-grey k" title="Away">×</b>',
    ]


def test_shifts_are_plain_letters_and_yield_to_an_absence(cells):
    found = cells({4: [approved()]}, {3: "E", 4: "L", 5: "E N"})
    assert (found[2], found[4]) == (">E", ">E N")
    assert ">L" not in found[3]


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'&amp;\x00"]
)
def test_what_a_company_wrote_cannot_leave_its_place(cells, hostile):
    """Names and codes of types and shifts are a company's own text."""
    kind = TypeFacts(uuid4(), "own", hostile, hostile, hostile)
    found = "".join(cells({3: [approved(kind)]}, {5: hostile}))
    assert "<script" not in found
    assert "<img" not in found
    assert found.count("<b ") == 1
