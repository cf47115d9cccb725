"""HR makes, renames and removes teams and sites without a file of people."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Refusal
from portal.models import AuditEvent, Employment, Site, Team
from portal.services import access, teams_and_sites

NEW_TEAM = {"name": "Night nurses"}
NEW_SITE = {"name": "Dresden", "country": "DE", "time_zone": "Europe/Berlin"}


def place(as_, cast, kind, name):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(kind.id).where(kind.name == name)).one_or_none()


def actions(as_, cast):
    with as_(cast.ana) as uow:
        return [row.action for row in uow.session.scalars(select(AuditEvent))]


def row_of(page: str, name: str) -> str:
    """The words of the row whose heading is this name."""
    found = re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', page, re.DOTALL)
    return words(found[1]) if found else ""


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_team_is_made_renamed_and_removed(client, as_, cast):
    client.sign_in(cast.ana)
    assert client.send("teams", NEW_TEAM).status_code == 303
    team = place(as_, cast, Team, "Night nurses")
    assert row_of(client.page("teams-and-sites"), "Night nurses").startswith("0")
    assert client.send(f"teams/{team}", {"name": "Night care"}).status_code == 303
    assert place(as_, cast, Team, "Night care") == team
    assert client.send(f"teams/{team}/removal", {}).status_code == 303
    assert place(as_, cast, Team, "Night care") is None
    assert {"team.created", "team.changed", "team.removed"} <= set(actions(as_, cast))


def test_a_site_abroad_has_its_countrys_holidays_from_the_beginning(client, as_, cast):
    client.sign_in(cast.ana)
    assert client.send("sites", NEW_SITE).status_code == 303
    site = place(as_, cast, Site, "Dresden")
    row = row_of(client.page("teams-and-sites"), "Dresden")
    assert "Germany" in row and "Europe/Berlin" in row and "as the company" not in row
    assert "German Unity Day" in client.page(f"holidays?site={site}&year=2026")
    assert "DE 2026-01" in client.page("law-packs")
    assert (
        client.send(f"sites/{site}", {"name": "Dresden", "country": "AT", "time_zone": ""}).status_code == 303
    )
    row = row_of(client.page("teams-and-sites"), "Dresden")
    assert "Germany" in row, "a country changes by date, under Public holidays"
    assert "as the company" in row, "the time zone follows the company again"


def test_who_is_where_is_counted_and_keeps_the_place(client, as_, cast):
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        team, name = uow.session.execute(select(Team.id, Team.name).where(Team.name.startswith("Care"))).one()
    assert int(re.findall(r"(\d+) \(", row_of(client.page("teams-and-sites"), name))[0]) > 0
    answer = client.send(f"teams/{team}/removal", {})
    assert answer.status_code == 422
    assert "so it stays" in answer.get_data(as_text=True)
    assert place(as_, cast, Team, name) == team
    assert "team.removed" not in actions(as_, cast)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "fill this in"),
        ("nIGHT nurses", "of this name already"),
        ("Care; Kitchen", "semicolon"),
        ("x" * 101, "100"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_made(client, as_, cast, name, said):
    client.sign_in(cast.ana)
    client.send("teams", NEW_TEAM)
    answer = client.send("teams", {"name": name})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert actions(as_, cast).count("team.created") == 1


def test_managers_have_no_business_there(client, cast):
    client.sign_in(cast.mats)
    assert client.send("teams", NEW_TEAM).status_code == 403


def test_a_team_is_given_a_site_which_then_stays(client, as_, cast):
    client.sign_in(cast.ana)
    client.send("sites", NEW_SITE)
    site = place(as_, cast, Site, "Dresden")
    assert client.send("teams", {**NEW_TEAM, "site_id": str(site)}).status_code == 303
    assert row_of(client.page("teams-and-sites"), "Night nurses").startswith("Dresden")
    assert client.send(f"sites/{site}/removal", {}).status_code == 422
    team = place(as_, cast, Team, "Night nurses")
    assert f'<option selected value="{site}">Dresden' in client.page(f"teams/{team}/edit")
    assert client.send(f"teams/{team}", NEW_TEAM).status_code == 303
    assert row_of(client.page("teams-and-sites"), "Night nurses").startswith("0")
    assert "team.changed" in actions(as_, cast)
    assert "Team changed Night nurses Site Dresden" in words(client.page("audit"))


def test_a_role_that_reaches_a_site_reaches_the_teams_that_are_put_there(client, as_, cast):
    """Pia plans her own team; as planner of her site she plans what is put there as well."""
    client.sign_in(cast.ana)
    client.send("teams", NEW_TEAM)
    team = place(as_, cast, Team, "Night nurses")
    with as_(cast.ana) as uow:
        sites = teams_and_sites.site_names(uow)
        own = uow.session.scalars(
            select(Employment.site_id).where(Employment.employee_id == cast.pia.employee_id)
        ).one()
    other = next(one for one in sites if one != own)
    for site, reached in ((other, False), (own, True), (None, False)):
        sent = {**NEW_TEAM, "site_id": str(site or "")}
        assert client.send(f"teams/{team}", sent).status_code == 303
        with as_(cast.pia) as uow:
            uow.actor = replace(uow.actor, grants={Permission.ROSTER_EDIT: Reach.SITE})
            within = access.teams_within(uow, Permission.ROSTER_EDIT, Team.id)
            assert (uow.session.scalar(select(Team.id).where(Team.id == team, within)) == team) is reached


def test_a_site_that_is_not_there_is_refused(client, as_, cast):
    client.sign_in(cast.ana)
    assert client.send("teams", {**NEW_TEAM, "site_id": str(uuid4())}).status_code == 422
    assert place(as_, cast, Team, "Night nurses") is None
    with as_(cast.ana) as uow, pytest.raises(Refusal):
        teams_and_sites.create_team(uow, "Night nurses", site_id=uuid4())
