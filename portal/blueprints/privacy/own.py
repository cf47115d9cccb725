"""One's own data: everything the portal holds about the person who is signed in, and the copy of it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.privacy import blueprint
from portal.db import UnitOfWork
from portal.domain.data_map import Purpose
from portal.services import data_exports, data_map, own_data
from portal.services.data_map.cards import Card
from portal.services.forgetting import lists
from portal.web import data_map_words as words
from portal.web import privacy_words
from portal.web.downloads import file_answer
from portal.web.guards import signed_in
from portal.web.htmx import redirect_everywhere
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/privacy")
@signed_in
def mine(uow: UnitOfWork) -> str:
    counts = own_data.counts(uow)
    by_purpose = {
        purpose: [
            (card, counts[card.table]) for card in data_map.CARDS.values() if _held(card, purpose, counts)
        ]
        for purpose in Purpose
    }
    return render_template(
        "privacy/mine.html",
        by_purpose=by_purpose,
        copies=data_exports.list_own(uow),
        erasures=lists.list_own(uow),
        words=words,
        privacy_words=privacy_words,
    )


@blueprint.get("/c/<company>/privacy/tables/<string(maxlength=60):table>")
@signed_in
def my_table(uow: UnitOfWork, table: str) -> str:
    card = data_map.CARDS.get(table)
    if card is None or not card.shown:
        abort(404)
    copy = own_data.read(uow, card)
    return render_template("privacy/table.html", card=card, copy=copy, words=words, limit=own_data.MOST_ROWS)


@blueprint.post("/c/<company>/privacy/copies")
@signed_in
@freshly_proven(back="privacy.mine")
def ask_copy(uow: UnitOfWork) -> Response:
    data_exports.ask(uow)
    flash(_("Your copy is being made. We will write to you when it is ready."), "success")
    return redirect_everywhere(url_for("privacy.mine"))


@blueprint.post("/c/<company>/privacy/copies/<uuid:copy_id>/download")
@signed_in
@freshly_proven(back="privacy.mine")
def fetch_copy(uow: UnitOfWork, copy_id: UUID) -> Response:
    copy = data_exports.fetch(uow, copy_id)
    return file_answer(copy.content, content_type="application/zip", file_name=copy.file_name)


def _held(card: Card, purpose: Purpose, counts: dict[str, int]) -> bool:
    return card.purpose is purpose and card.shown and counts[card.table] > 0
