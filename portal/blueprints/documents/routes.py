"""What was handed to me: the list, the file, and my confirmation."""

from __future__ import annotations

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.documents import blueprint
from portal.blueprints.documents.forms import ConfirmForm
from portal.db import UnitOfWork
from portal.services import confirmations
from portal.services.confirmations import ReceivedDocument
from portal.web.downloads import file_answer
from portal.web.guards import signed_in
from portal.web.htmx import form_answer, redirect_everywhere


@blueprint.get("/c/<company>/documents")
@signed_in
def index(uow: UnitOfWork) -> str:
    received = confirmations.list_mine(uow)
    waiting = [one for one in received if one.confirmed_at is None]
    done = [one for one in received if one.confirmed_at is not None]
    return render_template("documents/index.html", waiting=waiting, done=done, today=uow.today())


@blueprint.get("/c/<company>/documents/received/<uuid:recipient_id>")
@signed_in
def show(uow: UnitOfWork, recipient_id: UUID) -> str:
    received = confirmations.get_mine(uow, recipient_id)
    return render_template(
        "documents/show.html", received=received, form=ConfirmForm(), statement=statement(received)
    )


@blueprint.get("/c/<company>/documents/received/<uuid:recipient_id>/file")
@signed_in
def file(uow: UnitOfWork, recipient_id: UUID) -> Response:
    download = confirmations.open_mine(uow, recipient_id)
    return file_answer(
        download.content, content_type=download.content_type, file_name=download.file_name, shown=True
    )


@blueprint.post("/c/<company>/documents/received/<uuid:recipient_id>/confirmation")
@signed_in
def confirm(uow: UnitOfWork, recipient_id: UUID) -> Response:
    received = confirmations.get_mine(uow, recipient_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return form_answer("documents/show.html", received=received, form=form, statement=statement(received))
    confirmations.confirm(uow, recipient_id, statement=statement(received), language=str(get_locale()))
    flash(_("Thank you. Your confirmation of “%(title)s” is recorded.", title=received.title), "success")
    return redirect_everywhere(url_for("documents.index"))


def statement(received: ReceivedDocument) -> str:
    """The sentence that is confirmed and kept word for word."""
    return _(
        "I have read version %(number)s of “%(title)s” and understood it.",
        number=received.number,
        title=received.title,
    )
