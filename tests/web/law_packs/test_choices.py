"""A company chooses another pack for a site than that of its country, and says why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.models import AuditEvent, LawPackChoice, Site
from portal.services import data_health, law_packs
from portal.services.data_health import Problem
from tests.factories.absences import vacation

GOOD = {"pack": "AT", "reason": "Posted workers, advice of 3 May"}


@pytest.fixture
def brno(as_, cast):
    with as_(cast.ana) as uow:
        vacation(uow).yearly_entitlement = 22_000
        return uow.session.scalars(select(Site.id).where(Site.name.startswith("Brno"))).one()


def below(as_, cast):
    with as_(cast.ana) as uow:
        found = data_health.check(uow).findings.get(Problem.BELOW_LAW, [])
        return {one.below.pack.country for one in found}


def test_a_chosen_pack_is_compared_with_shown_and_given_up(client, as_, cast, brno):
    client.sign_in(cast.ana)
    address = f"law-packs/sites/{brno}/choice"
    assert "That of the country (CZ 2026-01)" in client.page(address)
    assert client.send(address, GOOD).status_code == 303
    assert below(as_, cast) == {"AT"}
    page = client.page("law-packs")
    for said in (f"Chosen by {cast.ana.name}", GOOD["reason"], "AT 2026-01"):
        assert said in page
    assert client.send(address, {"pack": "none", "reason": "Works council agreement"}).status_code == 303
    assert below(as_, cast) == set()
    assert "None: nothing is compared" in client.page("law-packs")
    assert client.send(address, {"pack": "country"}).status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(LawPackChoice)).all() == []
        actions = set(uow.session.scalars(select(AuditEvent.action)))
    assert {"law-pack.chosen", "law-pack.choice-dropped"} <= actions
    assert "Law pack chosen for a site" in client.page("audit")


def test_people_without_a_site_have_a_choice_of_their_own(client, as_, cast, brno):
    client.sign_in(cast.ana)
    assert client.send("law-packs/choice", {**GOOD, "pack": "DE"}).status_code == 303
    assert client.send("law-packs/choice", {**GOOD, "pack": "SK"}).status_code == 303
    with as_(cast.ana) as uow:
        assert [one.pack for one in uow.session.scalars(select(LawPackChoice))] == ["SK"]
        law = law_packs.in_force(uow)
    assert [site.now.pack.country for site in law.sites if site.site_id is None] == ["SK"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"reason": " "}, 422), ({"reason": "x" * 501}, 422), ({"pack": "XX"}, 422), ({"pack": ""}, 422)],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(client, as_, cast, brno, changes, status):
    client.sign_in(cast.ana)
    answer = client.send(f"law-packs/sites/{brno}/choice", {**GOOD, **changes})
    assert (answer.status_code, "aria-invalid" in answer.text) == (status, True)
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(LawPackChoice)).all() == []
