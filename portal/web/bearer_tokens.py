"""Lets a directory service in by its bearer token, and by nothing else: no cookie is looked at, none is set."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from flask import Response, g, request

from portal.db import UnitOfWork
from portal.domain.provisioning import TOKEN_GRANTS
from portal.services import provisioning_tokens
from portal.services.machine_tokens import WRONG_WINDOW
from portal.services.provisioning_tokens import Bearer
from portal.web import scim_errors

_LONGEST = 200


def turn_away(uow: UnitOfWork) -> Response | None:
    """None when the token is good: `uow` then acts for it. Otherwise 401, or 429 with how long to wait."""
    g.uow = uow
    token = _presented()
    bearer = provisioning_tokens.recognise(uow, token) if token else None
    if bearer is None:
        told = provisioning_tokens.note_wrong(uow)
        uow.commit()
        return _refused(told=told)
    uow.commit()  # that it was used and counted stays, whatever becomes of the request
    if bearer.wait is not None:
        return scim_errors.wait(max(1, ceil(bearer.wait.total_seconds())))
    uow.actor = replace(uow.actor, name=f"SCIM: {bearer.name}", grants=TOKEN_GRANTS)
    g.bearer = bearer
    return None


def bearer_here() -> Bearer:
    """The token of this request."""
    found: Bearer = g.bearer
    return found


def _presented() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    good = scheme.lower() == "bearer" and token.isascii() and 0 < len(token) <= _LONGEST
    return token if good else None


def _refused(*, told: bool) -> Response:
    if not told:
        return scim_errors.wait(int(WRONG_WINDOW.total_seconds()))
    answer = scim_errors.answer(401, "The token is missing, wrong or revoked.")
    answer.headers["WWW-Authenticate"] = 'Bearer realm="SCIM"'
    return answer
