"""The feed of the audit log for another system. A token opens it, and nothing else: no cookie is looked at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g, jsonify, request

from portal.blueprints.audit import blueprint
from portal.db import UnitOfWork
from portal.services import audit_export, audit_feed
from portal.web.guards import public

_LONGEST_TOKEN = 200
_LAST_NUMBER = 2_147_483_647
_MEDIA_TYPE = "application/x-ndjson"


@blueprint.get("/c/<company>/audit/feed")
@public
def feed(uow: UnitOfWork) -> Response:
    """What follows upon the number `after`, one event a line; Staffroom-Cursor says what to ask after next."""
    token_id = _token(uow)
    if token_id is None:
        return _wrong(uow)
    number, limit = _asked("after", 0), _asked("limit", audit_feed.MOST_EVENTS)
    if number is None or limit is None or not 0 < limit <= audit_feed.MOST_EVENTS:
        return _error(400, f"`after` is a number from 0 on, `limit` one from 1 to {audit_feed.MOST_EVENTS}.")
    batch = audit_feed.after(uow, token_id, number, limit)
    if batch.beyond:
        uow.keep_when_refused = True
        return _error(409, "The log does not reach that far. If it did before, somebody has cut it.")
    answer = Response("".join(batch.lines), mimetype=_MEDIA_TYPE)
    answer.headers["Staffroom-Cursor"] = str(batch.cursor)
    answer.headers["Staffroom-Format"] = f"{audit_export.FORMAT}/{audit_export.VERSION}"
    return answer


def _token(uow: UnitOfWork) -> UUID | None:
    g.uow = uow
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.isascii() or not 0 < len(token) <= _LONGEST_TOKEN:
        return None
    return audit_feed.recognise(uow, token)


def _wrong(uow: UnitOfWork) -> Response:
    """401; counted by where it came from, and slowed down."""
    if not audit_feed.note_wrong(uow):
        return _error(429, "Too many wrong tokens. Wait a quarter of an hour.", Retry_After="900")
    uow.keep_when_refused = True
    return _error(401, "The token is missing, wrong or revoked.", WWW_Authenticate='Bearer realm="audit"')


def _asked(name: str, otherwise: int) -> int | None:
    """The number of that name; None when it is none."""
    given = request.args.get(name)
    if given is None:
        return otherwise
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 12 else -1
    return number if 0 <= number <= _LAST_NUMBER else None


def _error(status: int, said: str, **headers: Any) -> Response:
    answer = jsonify(error=said)
    answer.status_code = status
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer
