"""The feed for other systems: by token alone, every event once, in the order of its number."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select, text

from portal.domain.audit_actions import Action
from portal.models import AuditEvent
from portal.services import audit, audit_feed
from portal.services.machine_tokens import MOST_WRONG
from tests.fixtures.cast import SENTINEL
from tests.fixtures.letters import latest

FEED = "/c/acme/audit/feed"


@pytest.fixture
def token(client, cast, as_) -> str:
    """Ana makes one; the page shows it this once. A few things have happened before."""
    with as_(cast.ana) as uow:
        for _ in range(5):
            audit.record(uow, Action.EMPLOYEE_CHANGED)
    page = client.sign_in(cast.ana).send("audit/feed-tokens", {"name": "Splunk"}).text
    found = re.search(r'id="feed-token">([^<]+)<', page).group(1)
    assert found not in client.page("audit/export")
    return found


@pytest.fixture
def fetch(app, client, token):
    """Asks as the other system does: without cookies."""
    machine = app.test_client()

    def ask(query="", *, bearer=token, path=FEED):
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return machine.get(f"{path}{query}", headers=headers)

    return ask


def events(answer) -> list[dict]:
    return [json.loads(line) for line in answer.text.split("\n") if line]


def test_following_the_cursor_brings_every_event_once(cast, as_, fetch):
    seen, cursor = [], "0"
    while True:
        answer = fetch(f"?after={cursor}&limit=3")
        assert answer.status_code == 200 and answer.mimetype == "application/x-ndjson"
        assert answer.headers["Staffroom-Format"] == "staffroom-audit-log/1"
        batch = events(answer)
        seen += [one["seq"] for one in batch]
        cursor = answer.headers["Staffroom-Cursor"]
        if not batch:
            break
    assert seen == list(range(1, int(cursor) + 1)) and len(seen) > 3
    with as_(cast.ana) as uow:
        audit.record(uow, Action.EMPLOYEE_CHANGED)
    assert [one["seq"] for one in events(fetch(f"?after={cursor}"))] == [int(cursor) + 1]


def test_asking_again_after_a_lost_answer_brings_the_same(fetch):
    assert fetch("?after=2&limit=2").data == fetch("?after=2&limit=2").data


def test_a_line_says_everything_that_the_chain_covers(fetch):
    first = events(fetch("?limit=1"))[0]
    assert first["kind"] == "event" and first["seq"] == 1
    assert json.loads(first["payload"])["ip"] == "192.0.2.1"
    assert set(first) == {
        *("kind", "company", "seq", "at", "actor_id", "action", "version", "subject_type", "subject_id"),
        *("payload", "salt", "commitment", "previous", "hash"),
    }


@pytest.mark.parametrize(
    "query", ["?after=-1", "?after=x", "?limit=0", "?limit=1001", "?after=²", "?after=99999999999999"]
)
def test_nonsense_is_a_clear_answer(fetch, query):
    answer = fetch(query)
    assert answer.status_code == 400 and "after" in answer.json["error"]


def test_a_number_beyond_the_end_is_an_alarm(fetch):
    """T132: whoever fetched more than there is now knows that the tail was cut."""
    answer = fetch("?after=2000000000")
    assert answer.status_code == 409 and "cut" in answer.json["error"]


@pytest.mark.parametrize("bearer", ["", "x", "ž", "staffroom-audit-" + "a" * 43, "x" * 300])
def test_without_a_good_token_nothing_opens(fetch, bearer):
    answer = fetch(bearer=bearer)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert SENTINEL not in answer.text


def test_no_cookie_opens_it_and_the_token_opens_no_page(client, cast, token):
    client.sign_in(cast.ana)
    assert client.get(FEED).status_code == 401
    client.sign_out()
    assert client.get("/c/acme/audit", headers={"Authorization": f"Bearer {token}"}).status_code == 303


def test_another_companys_token_opens_nothing(fetch):
    """T99."""
    assert fetch(path="/c/beta/audit/feed").status_code == 401
    assert fetch(path="/c/nobody/audit/feed").status_code == 404


def test_a_revoked_token_is_dead_at_the_next_request(client, cast, as_, fetch):
    assert fetch().status_code == 200
    with as_(cast.ana) as uow:
        [line] = audit_feed.list_live(uow)
    client.sign_in(cast.ana).send(f"audit/feed-tokens/{line.id}/revocation")
    assert fetch().status_code == 401
    page = client.page("audit")
    assert "Token for the feed of the audit log revoked" in page


def test_the_page_says_how_far_it_was_fetched(client, cast, fetch):
    fetch("?limit=4")
    page = client.sign_in(cast.ana).page("audit/export")
    row = page.split("<strong>Splunk</strong>")[1].split("</tr>")[0]
    assert "<td>4</td>" in row and "127.0.0.1" in row


def test_the_token_is_kept_as_its_hash_and_admins_hear_of_it(cast, as_, token):
    with as_(cast.ana) as uow:
        row = uow.session.execute(text("SELECT t::text AS all FROM audit_feed_token t")).one()
        log = uow.session.scalars(select(AuditEvent.payload)).all()
        letter = latest(uow, cast.ana.email)
    assert token not in row.all and token not in letter.text
    assert not [one for one in log if token in (one or "")]
    assert "Splunk" in letter.text and len(token) > 50


def test_no_more_than_three(client, cast, token):
    client.sign_in(cast.ana)
    for name in ("Two", "Three"):
        client.send("audit/feed-tokens", {"name": name})
    answer = client.send("audit/feed-tokens", {"name": "Four"})
    assert answer.status_code == 422 and "Revoke one" in answer.text
    assert "no more are possible" in client.page("audit/export")


def test_a_token_needs_a_name(client, cast):
    answer = client.sign_in(cast.ana).send("audit/feed-tokens", {"name": " "})
    assert answer.status_code == 422 and "Please fill this in." in answer.text


def test_guessing_is_slowed_down_and_holds_up_no_good_token(fetch):
    statuses = [fetch(bearer="guess").status_code for _ in range(MOST_WRONG + 2)]
    assert statuses == [401] * MOST_WRONG + [429, 429]
    assert fetch().status_code == 200
