"""An absence for many people is asked by the rules of staffing too: its dry run shows them, its yes needs a reason."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from portal.domain.staffing import Effect, Override
from portal.models import AuditEvent, GroupEntry
from portal.services import absences
from tests.factories.absences import ask, grant, vacation
from tests.factories.staffing import make_rule

MONDAY = date(2026, 8, 3)


@pytest.fixture
def many(as_, cast):
    """Eve and Pia of Care are to be entered for a Monday and a Tuesday; at most one of Care may be away."""
    with as_(cast.ana) as uow:
        grant(uow, *(cast.people[name].employee_id for name in ("mats", "eve", "pia", "otto")))
        kind_id = str(vacation(uow).id)
    return {
        "key": str(uuid4()),
        "name": "",
        "absence_type_id": kind_id,
        "start_date": "2026-08-03",
        "end_date": "2026-08-04",
        "first_part": "full",
        "team": "",
        "site": "",
        "emails": f"{cast.eve.email} {cast.pia.email} {cast.otto.email}",
    }


@pytest.fixture
def rule(as_, cast):
    def make(**more):
        with as_(cast.ana) as uow:
            make_rule(uow, amount=1, team_id=cast.teams["care"], **more)

    return make


def looked_at(client, many):
    answer = client.send("group-entries", many)
    assert answer.status_code == 200
    page = html.fromstring(answer.text)
    forms = [one for one in page.forms if one.fields.get("seen")]
    kept = {name: value or "" for one in forms for name, value in one.fields.items() if name != "csrf_token"}
    rows = {" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")}
    return " ".join(page.text_content().split()), rows, kept


def entries(as_, cast):
    with as_(cast.ana) as uow:
        return len(uow.session.scalars(select(GroupEntry)).all())


def test_the_dry_run_shows_each_day_and_person_and_the_yes_is_ticked_with_a_reason(
    client, as_, cast, many, rule
):
    """Together they break it, though neither of them alone would. Otto is of another team."""
    rule(effect=Effect.REASON)
    client.sign_in(cast.ana)
    text, rows, kept = looked_at(client, many)
    assert "Mon 3 Aug 2026: Enough of us, at most 1 person away; then 1 of 3 there, 2 away" in text
    told = {name: next(row for row in rows if name in row) for name in (cast.eve.name, cast.otto.name)}
    assert "Mon 3 Aug 2026: Enough of us" in told[cast.eve.name] and "Tue 4 Aug" in told[cast.eve.name]
    assert "Enough of us" not in told[cast.otto.name]
    assert not kept.pop("breaches_seen", "")
    answer = client.send("group-entries", kept | {"name": "Team day"})
    assert answer.status_code == 422 and "tick that you have seen them" in answer.text
    answer = client.send("group-entries", kept | {"breaches_seen": "y"})
    assert answer.status_code == 422 and "Write in the note why" in answer.text
    assert entries(as_, cast) == 0
    good = kept | {"breaches_seen": "y", "name": "Team day"}
    assert client.send("group-entries", good).status_code == 303
    with as_(cast.ana) as uow:
        told = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "group-entry.made")).one()
        facts = json.loads(told.payload)["facts"]
        assert facts["broken_rules"] == ["Enough of us 2026-08-03", "Enough of us 2026-08-04"]
        assert facts["despite_because"] == "Team day"


def test_what_only_says_so_needs_no_tick_and_what_is_kept_shows_nothing(client, as_, cast, many, rule):
    rule(effect=Effect.INFO)
    client.sign_in(cast.ana)
    text, _rows, kept = looked_at(client, many)
    assert "Enough of us" in text
    assert client.send("group-entries", kept).status_code == 303
    one = many | {"key": str(uuid4()), "emails": cast.mats.email, "start_date": "2026-08-10", "end_date": ""}
    text, _rows, kept = looked_at(client, one)
    assert "Enough of us" not in text
    assert client.send("group-entries", kept).status_code == 303


def test_past_a_block_goes_only_who_may(client, as_, cast, many, rule):
    """Nobody: the page has no yes, and a forged one enters nothing."""
    rule(override=Override.NOBODY)
    client.sign_in(cast.ana)
    text, _rows, kept = looked_at(client, many)
    assert "A rule blocks it" in text and kept == {}
    forged = many | {"seen": "3-3-6000-2", "breaches_seen": "y", "name": "All the same"}
    assert client.send("group-entries", forged).status_code == 422
    assert entries(as_, cast) == 0


def test_hr_holds_the_right_and_enters_past_a_block(client, as_, cast, many, rule):
    rule()
    client.sign_in(cast.ana)
    _text, _rows, kept = looked_at(client, many)
    good = kept | {"breaches_seen": "y", "name": "Team day"}
    assert client.send("group-entries", good).status_code == 303
    assert entries(as_, cast) == 1


def test_an_approval_between_the_look_and_the_yes_is_noticed(client, as_, cast, many, rule):
    """What was shown breaks nothing; by the yes Mats is away too."""
    rule(effect=Effect.REASON)
    client.sign_in(cast.ana)
    text, _rows, kept = looked_at(client, many | {"emails": cast.eve.email})
    assert "Enough of us" not in text
    with as_(cast.mats) as uow:
        absence_id = ask(uow, MONDAY).id
    with as_(cast.ana) as uow:
        absences.approve(uow, absence_id, version=1)
    assert client.send("group-entries", kept).status_code == 409
    assert entries(as_, cast) == 0
