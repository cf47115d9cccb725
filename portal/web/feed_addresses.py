"""Who comes with the secret address of a calendar feed: its owner's present rights, without any cookie."""

from __future__ import annotations

from math import ceil

from flask import Response, g, request

from portal.db import UnitOfWork
from portal.services import feeds
from portal.services.feeds import Fetch


def turn_away(uow: UnitOfWork) -> Response | None:
    """None: from here on the owner acts. Unknown, revoked and left behind by a leaver are one 404; too often is 429."""
    g.uow = uow
    found = feeds.recognise(uow, (request.view_args or {})["token"])
    if found is None:
        return Response("No such calendar.", 404, content_type="text/plain")
    if found.wait is not None:
        seconds = max(1, ceil(found.wait.total_seconds()))
        return Response("Too many requests.", 429, {"Retry-After": str(seconds)}, content_type="text/plain")
    uow.actor = found.actor
    g.feed = found
    return None


def feed_here() -> Fetch:
    """The feed whose address was used."""
    found: Fetch = g.feed
    return found
