"""What all SCIM handlers do with a request and an answer."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, request

from portal.db import UnitOfWork
from portal.integrations.scim.answers import MIME, Question
from portal.integrations.scim.errors import ScimError
from portal.integrations.scim.requests import read_json

_LONGEST_BODY = 4 * 1024 * 1024
_JSON = {"application/scim+json", "application/json"}


def base(uow: UnitOfWork) -> str:
    """The address of the company's service."""
    return f"{current_app.extensions['staffroom'].settings.url}/c/{uow.company.slug}/scim/v2"


def asked() -> Question:
    """What the query string asks for."""
    return Question(request.args)


def sent() -> dict[str, Any]:
    """The JSON that came with the request."""
    if request.mimetype not in _JSON:
        raise ScimError(415, "Send JSON: application/scim+json.")
    if (request.content_length or 0) > _LONGEST_BODY:
        raise ScimError(413, "The request is too large.")
    return read_json(request.get_data(cache=False))


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """The body; one resource also says where it is."""
    response = Response(json.dumps(body), status, content_type=MIME)
    location = body.get("meta", {}).get("location")
    if location:
        response.headers["Location" if status == 201 else "Content-Location"] = location
    return response
