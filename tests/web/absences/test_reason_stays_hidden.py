"""Why somebody is away shows nowhere it must not: pages, calendar feed, printed roster and letters alike (T87)."""

from __future__ import annotations

import io
import re
from datetime import date
from uuid import uuid4

import pytest
from pypdf import PdfReader

from portal.domain.absence_types import TypeRules
from portal.services import absence_requests, absence_types
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from tests.factories.rosters import draft, publish
from tests.fixtures.letters import texts_but_to
from tests.web.feeds.conftest import subscribe as subscribed

DAY = date(2026, 6, 17)
TYPE, CODE = "Chemotherapy", "Q7"


subscribe = subscribed


@pytest.fixture
def away(as_, cast):
    """Eve is away for a delicate reason, on a day of a published roster."""

    def away_as(*, open_to_all):
        with as_(cast.ana) as uow:
            rules = TypeRules(needs_approval=False, colleagues_see=open_to_all)
            kind = absence_types.create(uow, TypeLook(TYPE, CODE, "orange"), rules).id
        with as_(cast.eve) as uow:
            absence_requests.request(uow, uuid4(), Wish(kind, DAY, DAY, note="Third cycle"))
        with as_(cast.pia) as uow:
            roster_id = draft(uow, cast.teams["care"], (cast.eve.employee_id, date(2026, 6, 15), "N"))
            publish(uow, roster_id)
            return roster_id

    return away_as


def seen_by(client, member, team_id, roster_id, subscribe):
    """What the member reads of the team, by medium."""
    feed = client.get(subscribe(member, team_id)).text
    client.sign_in(member)
    paper = client.get(client.url(f"rosters/{roster_id}/print.pdf"))
    calendar = client.page(f"calendar?team={team_id}&month=2026-06")
    return {
        # Which types there are is no secret: one can filter by them.
        "calendar": re.sub(r"<select.*?</select>", "", calendar, flags=re.DOTALL),
        "roster": client.page(f"rosters/{roster_id}/"),
        "paper": "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages),
        "feed": feed,
    }


@pytest.mark.parametrize(
    ("open_to_all", "who", "known"), [(False, "pia", False), (False, "mats", True), (True, "pia", True)]
)
def test_every_medium_says_as_much_as_the_type_and_the_reader_allow(
    client,
    as_,
    cast,
    away,
    subscribe,
    open_to_all,
    who,
    known,
):
    """T87: of a type that colleagues may not see they learn that somebody is away, in HTML, ICS and PDF."""
    roster_id = away(open_to_all=open_to_all)
    said = seen_by(client, cast.people[who], cast.teams["care"], roster_id, subscribe)
    assert {medium: TYPE in text for medium, text in said.items()} == dict.fromkeys(said, known)
    if not known:
        assert not any(CODE in text for text in said.values())
        assert all("Away" in text for text in said.values())
    assert not any("Third cycle" in text for text in said.values())


def test_letters_name_it_to_who_may_know_alone(client, as_, cast, away):
    """T87: the line manager reads the type; no letter to anybody else has it, and the note is in none."""
    away(open_to_all=False)
    with as_(cast.ana) as uow:
        others = texts_but_to(uow, cast.mats.email)
        assert not any(TYPE in text or "Third cycle" in text for text in others)
    path = f"people/{cast.eve.employee_id}/ledger"
    client.sign_in(cast.pia)
    assert client.get(client.url(path)).status_code in (403, 404)
