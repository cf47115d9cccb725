"""Requests to be forgotten: one's own, and all of them for HR with the clock of the law."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _

from portal.blueprints.privacy import blueprint
from portal.blueprints.privacy.forms import EnterForm, ReasonForm, StepForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services.forgetting import lists
from portal.services.forgetting import requests as erasures
from portal.web import data_map_words as words
from portal.web import privacy_words
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires, signed_in
from portal.web.htmx import form_answer, redirect_everywhere
from portal.web.refusals import sentence
from portal.web.step_up import freshly_proven

_NOT_OF_THE_FORM = {Reason.NOT_FOUND, Reason.NOT_PERMITTED, Reason.OWN_REQUEST}


@blueprint.post("/c/<company>/privacy/erasure")
@signed_in
@freshly_proven(back="privacy.mine")
def ask_erasure(uow: UnitOfWork) -> Response:
    erasures.ask(uow)
    flash(_("Your request is with HR. You will have an answer within a month."), "success")
    return redirect_everywhere(url_for("privacy.mine"))


@blueprint.post("/c/<company>/privacy/erasure/<uuid:erasure_id>/withdrawal")
@signed_in
def withdraw_erasure(uow: UnitOfWork, erasure_id: UUID) -> Response:
    erasures.withdraw(uow, erasure_id)
    flash(_("Your request is withdrawn."), "success")
    return redirect_everywhere(url_for("privacy.mine"))


@blueprint.get("/c/<company>/privacy/requests")
@requires(Permission.PRIVACY_MANAGE)
def requests(uow: UnitOfWork) -> str:
    return render_template("privacy/requests.html", **_listed(uow), form=EnterForm())


@blueprint.post("/c/<company>/privacy/requests")
@requires(Permission.PRIVACY_MANAGE)
def enter(uow: UnitOfWork) -> Response:
    form = EnterForm()
    try:
        if form.validate_on_submit():
            erasure_id = erasures.enter(uow, email=form.email.data, received_on=form.received_on.data)
            flash(_("The request is entered. The clock runs since it was received."), "success")
            return redirect_everywhere(url_for("privacy.request_page", erasure_id=erasure_id))
    except Refusal as refusal:
        put_refusal(form, refusal)
    return form_answer("privacy/requests.html", **_listed(uow), form=form)


@blueprint.get("/c/<company>/privacy/requests/<uuid:erasure_id>")
@requires(Permission.PRIVACY_MANAGE)
def request_page(uow: UnitOfWork, erasure_id: UUID) -> str:
    return render_template("privacy/request.html", **_shown(uow, erasure_id))


@blueprint.post("/c/<company>/privacy/requests/<uuid:erasure_id>/plan")
@requires(Permission.PRIVACY_MANAGE)
def plan(uow: UnitOfWork, erasure_id: UUID) -> Response:
    erasures.plan(uow, erasure_id, version=_version())
    flash(_("The plan is made. Now somebody else has to look at it and approve it."), "success")
    return redirect_everywhere(url_for("privacy.request_page", erasure_id=erasure_id))


@blueprint.post("/c/<company>/privacy/requests/<uuid:erasure_id>/approval")
@requires(Permission.PRIVACY_MANAGE)
@freshly_proven(back="privacy.request_page")
def approve(uow: UnitOfWork, erasure_id: UUID) -> Response:
    erasures.approve(uow, erasure_id, version=_version())
    flash(_("Approved. The data are being erased now."), "success")
    return redirect_everywhere(url_for("privacy.request_page", erasure_id=erasure_id))


@blueprint.post("/c/<company>/privacy/requests/<uuid:erasure_id>/extension")
@requires(Permission.PRIVACY_MANAGE)
def extend(uow: UnitOfWork, erasure_id: UUID) -> Response:
    return _with_reason(
        uow, erasure_id, "extend_form", erasures.extend, _("Extended by two months. The person was told why.")
    )


@blueprint.post("/c/<company>/privacy/requests/<uuid:erasure_id>/refusal")
@requires(Permission.PRIVACY_MANAGE)
def decline(uow: UnitOfWork, erasure_id: UUID) -> Response:
    return _with_reason(
        uow, erasure_id, "decline_form", erasures.decline, _("Declined. The person was told why.")
    )


def _with_reason(
    uow: UnitOfWork, erasure_id: UUID, name: str, step: Callable[..., None], done: str
) -> Response:
    """Two decisions that need words; a form without them comes back with what is missing."""
    form = ReasonForm(prefix=name)
    try:
        if form.validate_on_submit():
            step(uow, erasure_id, version=form.version.data, reason=form.reason.data)
            flash(done, "success")
            return redirect_everywhere(url_for("privacy.request_page", erasure_id=erasure_id))
    except Refusal as refusal:
        if refusal.reason in _NOT_OF_THE_FORM:
            raise
        put_refusal(form, refusal)
    return form_answer("privacy/request.html", **{**_shown(uow, erasure_id), name: form})


def _listed(uow: UnitOfWork) -> dict[str, object]:
    return {"lines": lists.list_all(uow), "privacy_words": privacy_words}


def _shown(uow: UnitOfWork, erasure_id: UUID) -> dict[str, object]:
    page = lists.show(uow, erasure_id)
    return {
        "page": page,
        "why_not": sentence(page.why_not) if page.why_not else "",
        "words": words,
        "privacy_words": privacy_words,
        "extend_form": ReasonForm(prefix="extend_form", formdata=None, version=page.version),
        "decline_form": ReasonForm(prefix="decline_form", formdata=None, version=page.version),
    }


def _version() -> int:
    form = StepForm()
    if not form.validate_on_submit():
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return int(form.version.data)
