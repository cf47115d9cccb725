"""One's own feeds: made with a fresh proof, shown once, listed, revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.models import Feed
from portal.services import feeds
from portal.services.feeds import MOST_FEEDS


@pytest.fixture
def eve(client, cast):
    return client.sign_in(cast.eve)


def test_the_address_is_shown_once_and_kept_as_a_hash(client, as_, cast, subscribe):
    path = subscribe(cast.eve, name="Google")
    token = path.split("/")[-2]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)  # 256 bits
    page = client.sign_in(cast.eve).page("feeds")
    assert "Google" in page and "My own time: absences, shifts" in page and "not fetched yet" in page
    assert token not in page
    with as_(cast.eve) as uow:
        kept = [str(value) for value in uow.session.execute(text("SELECT * FROM feed")).one()]
        said = uow.session.scalars(text("SELECT payload FROM audit.event")).all()
    assert not any(token in value for value in (*kept, *said))


def test_a_fetch_is_seen_on_the_page(client, cast, subscribe):
    path = subscribe(cast.eve)
    client.get(path)
    assert "last fetched" in client.sign_in(cast.eve).page("feeds")


def test_nobody_sees_or_revokes_anothers(client, as_, cast, subscribe):
    path = subscribe(cast.eve, name="Evesphone")
    with as_(cast.eve) as uow:
        feed_id = uow.session.scalars(select(Feed.id)).one()
    for member in (cast.mats, cast.ana, cast.zoe):
        client.sign_in(member)
        assert "Evesphone" not in client.page("feeds")
        assert client.send(f"feeds/{feed_id}/revocation").status_code == 404
    client.sign_out()
    assert client.get(path).status_code == 200


def test_a_team_out_of_reach_cannot_be_chosen(eve, as_, cast):
    page = eve.page("feeds/new")
    assert str(cast.teams["care"]) in page and str(cast.teams["kitchen"]) not in page
    assert "Everybody in the company" not in page
    answer = eve.send("feeds", {"name": "x", "whose": str(cast.teams["kitchen"]), "absences": "y"})
    assert answer.status_code == 422
    with as_(cast.eve) as uow:
        assert feeds.list_mine(uow) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "", "absences": "y"}, "Please fill this in."),
        ({"name": "x" * 61, "absences": "y"}, "longer"),
        ({"name": "x"}, "Choose at least one thing"),
        ({"name": "x", "absences": "y", "whose": "nonsense"}, "Not a valid choice"),
    ],
)
def test_a_bad_form_says_what_to_do_and_makes_nothing(eve, as_, cast, values, said):
    answer = eve.send("feeds", {"whose": "own", **values})
    assert answer.status_code == 422
    assert said in answer.text
    with as_(cast.eve) as uow:
        assert feeds.list_mine(uow) == []


def test_shifts_of_everybody_are_too_many(client, cast):
    client.sign_in(cast.ana)
    answer = client.send("feeds", {"name": "All", "whose": "company", "shifts": "y"})
    assert answer.status_code == 422 and "Choose a team" in answer.text


def test_an_open_browser_makes_none_without_a_fresh_proof(eve, as_, cast, clock):
    """T59: an address works for years, so whoever makes one has just proven themselves."""
    clock.move_to(clock.now() + timedelta(minutes=6))
    assert eve.get(eve.url("feeds/new")).status_code == 303
    assert eve.send("feeds", {"name": "x", "whose": "own", "absences": "y"}).status_code == 303
    with as_(cast.eve) as uow:
        assert feeds.list_mine(uow) == []


def test_twenty_are_enough(eve, as_, cast):
    with as_(cast.eve) as uow:
        for number in range(MOST_FEEDS):
            feeds.make(uow, f"Phone {number}", feeds.FeedContent())
            uow.session.flush()
    answer = eve.send("feeds", {"name": "One more", "whose": "own", "absences": "y"})
    assert answer.status_code == 422 and "20 calendar feeds" in answer.text


def test_the_log_tells_of_making_and_revoking(client, as_, cast, subscribe):
    subscribe(cast.eve, cast.teams["care"], name="Evesphone")
    client.sign_in(cast.eve)
    with as_(cast.eve) as uow:
        feed_id = uow.session.scalars(select(Feed.id)).one()
    client.send(f"feeds/{feed_id}/revocation")
    client.send(f"feeds/{feed_id}/revocation")  # twice is once
    log = client.sign_in(cast.ana).page("audit")
    assert log.count("Calendar feed made") >= 1 and log.count("Calendar feed revoked") >= 1
    with as_(cast.ana) as uow:
        found = uow.session.scalars(
            text("SELECT action FROM audit.event WHERE action LIKE 'feed.%' ORDER BY seq")
        ).all()
    assert found == ["feed.made", "feed.revoked"]
