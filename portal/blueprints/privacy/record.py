"""The record of processing: what the data map says, for people and as a file."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import gettext as _

from portal.blueprints.privacy import blueprint
from portal.db import UnitOfWork
from portal.domain.data_map import Purpose
from portal.domain.permissions import Permission
from portal.services import data_map
from portal.web import data_map_words as words
from portal.web.downloads import csv_answer
from portal.web.guards import requires


@blueprint.get("/c/<company>/privacy/record")
@requires(Permission.PRIVACY_MANAGE)
def record(uow: UnitOfWork) -> str:  # noqa: ARG001
    by_purpose = {
        purpose: [card for card in data_map.cards() if card.purpose is purpose] for purpose in Purpose
    }
    return render_template("privacy/record.html", by_purpose=by_purpose, words=words)


@blueprint.get("/c/<company>/privacy/record.csv")
@requires(Permission.PRIVACY_MANAGE)
def record_csv(uow: UnitOfWork) -> Response:
    heading = [
        _("Purpose"),
        _("Table"),
        _("Field"),
        _("Whose row it is"),
        _("Legal ground"),
        _("Kept for"),
        _("Copy for the person"),
        _("When the person is erased"),
    ]
    rows = [
        (
            words.PURPOSES[card.purpose],
            card.table,
            field.name,
            card.person or "",
            words.BASES[card.basis],
            words.PERIODS[field.until or card.retention],
            words.EXPORTS[field.export] if card.of_people else "",
            words.erasure_label(card, field),
        )
        for card in data_map.cards()
        for field in card.fields.values()
    ]
    return csv_answer(heading, rows, file_name=f"record-of-processing-{uow.company.slug}-{uow.today()}.csv")
