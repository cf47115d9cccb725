"""What tests of calendar feeds have in common: making one, and fetching it as a calendar program does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.fixtures.calendars import read_calendar

ADDRESS = re.compile(r'id="feed-address">([^<]+)<')


@pytest.fixture
def subscribe(client):
    """Makes a feed of the member and answers the path of its address; the browser is signed out again."""

    def make(member, whose="own", *shown, name="Phone"):
        client.sign_in(member)
        chosen = dict.fromkeys(shown or ["absences", "shifts"], "y")
        answer = client.send("feeds", {"name": name, "whose": str(whose), **chosen})
        assert answer.status_code == 200, answer.text
        client.sign_out()
        return urlsplit(ADDRESS.search(answer.text).group(1)).path

    return make


@pytest.fixture
def fetch(client):
    """The events by their line, as another program reads them."""

    def get(path):
        answer = client.get(path)
        assert answer.status_code == 200, answer.status
        assert answer.content_type == "text/calendar; charset=utf-8"
        return {event["summary"]: event for event in read_calendar(answer.data)["events"]}

    return get
