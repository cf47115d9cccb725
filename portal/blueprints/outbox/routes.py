"""Shows the newest messages of every company, so that a newcomer can follow an invitation or a code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import current_app, render_template

from portal.blueprints.outbox import blueprint
from portal.services import companies, outbox
from portal.services.outbox import ShownMessage
from portal.web.guards import public
from portal.web.tenancy import unit_of_work_of

_OF_EACH_COMPANY = 20
_ADDRESS = re.compile(r"(https?://[^\s<>\"]+)")


@dataclass(frozen=True)
class Piece:
    """A stretch of a message's text; `link` when it leads to a page of this portal."""

    text: str
    link: bool


@blueprint.get("/outbox")
@public
def index() -> str:
    """The latest first, over all companies; each is read in a unit of work of its own."""
    messages: list[tuple[str, ShownMessage, list[Piece]]] = []
    for company in companies.all_companies():
        with unit_of_work_of(company, reason="outbox") as uow:
            found = outbox.list_latest(uow, _OF_EACH_COMPANY)
        messages += [(company.name, message, _pieces(message.text)) for message in found]
    messages.sort(key=lambda one: one[1].created_at, reverse=True)
    return render_template("outbox/index.html", messages=messages)


def _pieces(text: str) -> list[Piece]:
    own = current_app.extensions["staffroom"].settings.url + "/"
    parts = _ADDRESS.split(text)
    return [Piece(part, link=at % 2 == 1 and part.startswith(own)) for at, part in enumerate(parts) if part]
