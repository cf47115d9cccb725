"""Finding colleagues: work contacts for everybody, in a few statements whatever the size of the company."""

from __future__ import annotations

import pytest

from portal.models import Employee
from tests.fixtures.cast import SENTINEL


def add_people(uow, number: int) -> None:
    uow.session.add_all(
        Employee(email=f"p{at}@acme.example", first_name="Petr", last_name=f"Novák{at:04}")
        for at in range(number)
    )


def test_everybody_finds_everybody_with_work_contact_team_and_site(client, cast):
    page = client.sign_in(cast.eve).page("people")
    assert f"Otto Kuchař{SENTINEL}" in page and "otto@acme.example" in page
    assert f"Kitchen {SENTINEL}" in page and f"Brno {SENTINEL}" in page
    assert "beta.example" not in page


@pytest.mark.parametrize("typed", ["kuchar", "KUCHAŘ otto", "otto@acme"])
def test_search_needs_neither_accents_nor_case_nor_order(client, cast, typed):
    page = client.sign_in(cast.eve).page(f"people?search={typed}")
    assert "otto@acme.example" in page and "mats@acme.example" not in page


def test_signs_of_a_pattern_are_searched_as_they_stand(client, cast):
    assert "otto@acme.example" not in client.sign_in(cast.eve).page("people?search=%25")


def test_filters_by_team_and_site_and_ignores_nonsense(client, cast):
    client.sign_in(cast.eve)
    assert "mats@acme.example" not in client.page(f"people?team={cast.teams['kitchen']}")
    assert "otto@acme.example" not in client.page(f"people?site={cast.sites['prague']}")
    assert "otto@acme.example" in client.page("people?team=x&page=-3&site=")
    assert "Nobody found" in client.page(f"people?team={cast.teams['crew']}"), (
        "T99: Beta's team holds nobody here"
    )


def test_people_who_left_are_shown_to_hr_only(client, cast, as_):
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.otto.employee_id)).active = False
    assert "otto@acme.example" not in client.sign_in(cast.eve).page("people")
    assert "otto@acme.example" not in client.page("people?left=yes")
    assert client.get(client.url(f"people/{cast.otto.employee_id}")).status_code == 404
    assert "otto@acme.example" in client.sign_in(cast.ana).page("people?left=yes")


def test_names_stand_in_the_readers_alphabet_on_pages_of_a_hundred(client, cast, as_):
    with as_(cast.ana) as uow:
        add_people(uow, 200)
    client.sign_in(cast.eve)
    first, last = client.page("people"), client.page("people?page=3")
    assert "Page 1 of 3" in first and "Page 3 of 3" in last
    assert first.index("Novák0000") < first.index("Novák0001")
    assert "ana@acme.example" in first and "pia@acme.example" in last
    assert "Page 1 of 3" in client.page("people?page=99")


def test_ten_or_three_thousand_people_cost_the_same_statements(client, cast, as_, statements):
    client.sign_in(cast.ana).page("people")
    counts = []
    for more in (5, 290, 2700):
        with as_(cast.ana) as uow:
            add_people_from(uow, more)
        statements.clear()
        client.page("people")
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2] <= 5, statements


def add_people_from(uow, number: int) -> None:
    uow.session.add_all(
        Employee(email=f"n{number}x{at}@acme.example", first_name="Jana", last_name=f"Malá{at}")
        for at in range(number)
    )


def test_a_company_without_the_permission_or_a_visitor_sees_nothing(client, cast):
    answer = client.get("/c/acme/people")
    assert answer.status_code == 303 and SENTINEL not in answer.text
    client.sign_in(cast.zoe)
    assert SENTINEL not in client.get("/c/acme/people").text
