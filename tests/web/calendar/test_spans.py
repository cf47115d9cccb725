"""Quarter and year, everybody, filters and pages of the calendar; and one's own months."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.absence_types import TypeRules
from portal.domain.calendar_spans import SpanKind
from portal.services import absence_types, team_calendar
from portal.services.absence_types import TypeLook
from tests.factories.absences import vacation
from tests.web.calendar.test_month import away, fill, row_of  # noqa: F401


@pytest.mark.parametrize(("span", "days"), [("quarter", 92), ("year", 365)])
def test_a_quarter_and_a_year_have_a_column_for_each_day(client, cast, away, span, days):  # noqa: F811
    page = client.sign_in(cast.mats).page(f"calendar?month=2026-08&span={span}")
    row = row_of(page, cast.eve.name)
    assert len(row.split("<td")) == days + 1
    first = date(2026, 7, 1) if span == "quarter" else date(2026, 1, 1)
    cell = row.split("<td")[(date(2026, 8, 3) - first).days + 1]
    assert 'title="Vacation">V</b>' in cell
    assert "August 2026" in page


def test_everybody_is_whom_the_reader_may_see(client, cast, away):  # noqa: F811
    page = client.sign_in(cast.ana).page("calendar?team=all&month=2026-08")
    assert f'<th scope="row">{cast.otto.name}' in page and f'<th scope="row">{cast.eve.name}' in page
    page = client.sign_in(cast.otto).page("calendar?team=all&month=2026-08")
    assert f'<th scope="row">{cast.otto.name}' in page and f'<th scope="row">{cast.eve.name}' not in page


def test_people_of_one_site(client, cast):
    page = client.sign_in(cast.ana).page(f"calendar?team=all&month=2026-08&site={cast.sites['prague']}")
    assert f'<th scope="row">{cast.eve.name}' in page and f'<th scope="row">{cast.otto.name}' not in page


def test_a_type_shows_its_own_absences_alone(client, cast, as_, away):  # noqa: F811
    with as_(cast.ana) as uow:
        other = absence_types.create(uow, TypeLook("Training", "T", "blue"), TypeRules())
        uow.session.flush()
        type_id, vacation_id = other.id, vacation(uow).id
    client.sign_in(cast.mats)
    assert ">V</b>" in row_of(client.page(f"calendar?month=2026-08&type={vacation_id}"), cast.eve.name)
    assert "<b" not in row_of(client.page(f"calendar?month=2026-08&type={type_id}"), cast.eve.name)


@pytest.mark.parametrize("span", ["month", "quarter", "year"])
def test_a_filter_by_type_tells_a_colleague_nothing(client, cast, as_, away, span):  # noqa: F811
    """T87: whoever may not know the type cannot find it out by asking for it either."""
    with as_(cast.ana) as uow:
        vacation_id = vacation(uow).id
    client.sign_in(cast.pia)
    assert "×" in row_of(client.page(f"calendar?month=2026-08&span={span}"), cast.eve.name)
    asked = row_of(client.page(f"calendar?month=2026-08&span={span}&type={vacation_id}"), cast.eve.name)
    assert "×" not in asked and "Vacation" not in asked and ">V" not in asked


def test_a_thousand_people_come_in_pages_of_as_many_statements(client, cast, as_, statements, monkeypatch):
    monkeypatch.setitem(team_calendar.PER_PAGE, SpanKind.MONTH, 5)
    client.sign_in(cast.mats)
    with as_(cast.ana) as uow:
        fill(uow, cast.teams["care"], range(4))
    client.page("calendar?month=2026-08")
    counts, names = [], set()
    for number in (1, 2):
        statements.clear()
        page = client.page(f"calendar?month=2026-08&page={number}")
        counts.append(len(statements))
        found = page.split('<th scope="row">')[1:-1]
        names |= {one.split("<", 1)[0] for one in found}
        assert 1 <= len(found) <= 5
        assert f"Page {number} of 2" in page
    assert counts[0] == counts[1] <= 8
    assert len(names) == 7  # three of the cast and the four


@pytest.mark.parametrize("query", ["span=week", "page=0", "page=x", "page=-1", "site=1", "type=x"])
def test_an_address_that_means_nothing_is_not_found(client, cast, query):
    client.sign_in(cast.mats)
    assert client.get(client.url(f"calendar?{query}")).status_code == 404


def test_my_year_and_my_month(client, cast, away, statements):  # noqa: F811
    client.sign_in(cast.eve)
    year = client.page("calendar/mine?month=2026-08")
    assert year.count('<table class="own-month">') == 12
    assert year.count('title="Vacation">V') == 3
    assert "Jan Hus" in year
    statements.clear()
    month = client.page("calendar/mine?month=2026-08&span=month")
    assert len(statements) <= 8
    assert month.count('<table class="own-month">') == 1
    assert 'title="Vacation, afternoon, requested"' in month
    # Somebody else's year is never one's own.
    assert "Vacation" not in client.sign_in(cast.otto).page("calendar/mine?month=2026-08")
