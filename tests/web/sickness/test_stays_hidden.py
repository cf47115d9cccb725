"""That somebody is ill shows to those who may see sickness, and to nobody else: everybody reads "Away" (T87)."""

from __future__ import annotations

import io
import re
from datetime import date
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select

from portal.models import Role, RolePermission
from portal.services import absence_types
from portal.services.absence_types import TypeRules
from portal.services.absence_wishes import Wish
from portal.services.sickness import reporting
from tests.factories.absences import grant, sickness_type
from tests.factories.rosters import draft, publish
from tests.web.feeds.conftest import subscribe as subscribed

DAY = date(2026, 6, 17)
subscribe = subscribed


@pytest.fixture
def ill(as_, cast):
    """Eve is ill on a day of a published roster; her absence and the roster."""
    with as_(cast.ana) as uow:
        kind = sickness_type(uow, yearly_entitlement=5000)
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence_id = reporting.report(uow, uuid4(), Wish(kind, DAY, DAY)).absence.id
    with as_(cast.pia) as uow:
        roster_id = draft(uow, cast.teams["care"], (cast.eve.employee_id, date(2026, 6, 15), "N"))
        publish(uow, roster_id)
    return absence_id, roster_id, kind


def no_sight(as_, cast):
    """Managers who see absences and their types, and no sickness."""
    with as_(cast.ana) as uow:
        role = uow.session.scalars(select(Role.id).where(Role.key == "manager")).one()
        right = RolePermission.permission.in_(["sickness:view", "sickness:report"])
        uow.session.execute(delete(RolePermission).where(RolePermission.role_id == role, right))


def said_to(client, cast, member, ill, subscribe):
    absence_id, roster_id, _ = ill
    team = cast.teams["care"]
    feed = client.get(subscribe(member, team)).text
    client.sign_in(member)
    paper = client.get(client.url(f"rosters/{roster_id}/print.pdf"))
    said = {
        "calendar": client.page(f"calendar?team={team}&month=2026-06"),
        "roster": client.page(f"rosters/{roster_id}/"),
        "paper": "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages),
        "feed": feed,
    }
    if member is not cast.pia:  # who has no reports, and may open no absence
        said |= {
            "absence": client.page(f"absences/{absence_id}"),
            "away": client.page("reports?report=away&day=2026-06-17"),
            "months": client.page("reports?report=months&day=2026-06-17"),
            "ledger": client.page(f"people/{cast.eve.employee_id}/ledger"),
            "balances": client.page("reports?report=balances&day=2026-06-17"),
        }
    # Which types there are is no secret, nor is the entry of the side bar.
    return {
        name: re.sub(r"<(select|nav).*?</\1>|<title>.*?</title>", "", text, flags=re.DOTALL)
        for name, text in said.items()
    }


@pytest.mark.parametrize(
    ("who", "sight", "known"), [("pia", True, False), ("mats", False, False), ("mats", True, True)]
)
def test_every_medium_says_away_to_whoever_may_not_know(client, as_, cast, ill, subscribe, who, sight, known):
    """T87: not even the right to see types of absence tells that somebody is ill, and no figure does."""
    if not sight:
        no_sight(as_, cast)
    said = said_to(client, cast, cast.people[who], ill, subscribe)
    found = {medium: "Sickness" in text for medium, text in said.items()}
    assert found == dict.fromkeys(said, known)
    if not known:
        assert all("Away" in said[name] for name in said.keys() - {"months", "ledger", "balances"})


def test_marking_a_type_hides_what_was_entered_before(client, as_, cast, ill):
    """T87: rules are dated, and what health is does not wait for a date: dropping the mark opens nothing either."""
    _, _, kind = ill
    with as_(cast.ana) as uow:
        absence_types.change_rules(uow, kind, TypeRules(colleagues_see=True), valid_from=uow.today())
    text = client.sign_in(cast.pia).page(f"calendar?team={cast.teams['care']}&month=2026-06")
    assert "Sickness" not in re.sub(r"<select.*?</select>", "", text, flags=re.DOTALL)


def test_the_log_does_not_say_what_was_reported(client, as_, cast, ill):
    """An admin reads that an absence was reported; the type stands there for those who may see sickness."""
    client.sign_in(cast.ana)
    hidden = "hidden: only those who may see absences read it"
    page = client.page("audit")
    assert "Absence reported" in page and hidden not in page
    with as_(cast.ana) as uow:
        right = RolePermission.permission == "sickness:view"
        uow.session.execute(delete(RolePermission).where(right))
    assert hidden in client.page("audit")
