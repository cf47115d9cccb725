"""Photos of people: shown beside their names, chosen by themselves or by HR."""

from __future__ import annotations

from uuid import UUID

from flask import Response as FileResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.blueprints.people.forms import PhotoForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.integrations.keys import KeysUnavailable
from portal.services import person_record, photos
from portal.web.downloads import initials_answer, picture_answer
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/people/<uuid:employee_id>/photo/<any(large, small):size>")
@requires(Permission.DIRECTORY_VIEW)
def photo(uow: UnitOfWork, employee_id: UUID, size: str) -> FileResponse:
    """The picture; a browser that has it is told so without its being unsealed."""
    key = photos.key_of(uow, employee_id)
    etag = f"{key.hex}-{size}"
    lasting = request.args.get("v") == key.hex
    if etag in request.if_none_match:
        return picture_answer(None, etag=etag, content_type=photos.CONTENT_TYPE, lasting=lasting)
    try:
        content = photos.open_photo(uow, employee_id, key, size)
    except KeysUnavailable:  # the page shows this person all the same, and the browser keeps nothing of it
        return initials_answer(photos.name_of(uow, employee_id))
    return picture_answer(content, etag=etag, content_type=photos.CONTENT_TYPE, lasting=lasting)


@blueprint.get("/c/<company>/people/<uuid:employee_id>/photo")
@requires(Permission.DIRECTORY_VIEW)
def edit_photo(uow: UnitOfWork, employee_id: UUID) -> str:
    return render_template(
        "people/photo.html", form=PhotoForm(formdata=None), person=_changeable(uow, employee_id)
    )


@blueprint.post("/c/<company>/people/<uuid:employee_id>/photo")
@requires(Permission.DIRECTORY_VIEW)
def update_photo(uow: UnitOfWork, employee_id: UUID) -> Response:
    person = _changeable(uow, employee_id)
    form = PhotoForm()
    if not form.validate():
        return form_answer("people/photo.html", form=form, person=person)
    try:
        photos.put(uow, employee_id, file_name=form.file.data.filename or "", content=form.file.data.read())
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return refused_form("people/photo.html", form, refusal, person=person)
    flash(_("The photo is saved."), "success")
    return redirect(url_for("people.show", employee_id=employee_id), 303)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/photo-removal")
@requires(Permission.DIRECTORY_VIEW)
def remove_photo(uow: UnitOfWork, employee_id: UUID) -> Response:
    photos.remove(uow, employee_id)
    flash(_("The photo is removed."), "success")
    return redirect(url_for("people.show", employee_id=employee_id), 303)


def _changeable(uow: UnitOfWork, employee_id: UUID) -> person_record.Person:
    person = person_record.show(uow, employee_id)
    if not person.may_change_photo:
        raise Refusal(Reason.NOT_FOUND)
    return person
