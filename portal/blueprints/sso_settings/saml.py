"""What the set-up page of a SAML provider has besides: taking over its metadata, and its certificates."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.blueprints.sso_settings import blueprint
from portal.blueprints.sso_settings.providers import set_up_page
from portal.blueprints.sso_settings.saml_forms import CertificateForm, MetadataForm, TakeOverForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import scanning
from portal.services.sso import saml_setup
from portal.services.sso.saml_setup import Source
from portal.web.errands import Errand
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.step_up import freshly_proven

_PLACE = "/c/<company>/settings/sign-in/providers/<uuid:provider_id>"
#: More than two are refused; more than these are not even looked at.
_MOST_CERTIFICATES = 4
#: One byte more than is taken, so that a longer one is known for what it is.
_LARGEST_FILE = 1024 * 1024 + 1


@blueprint.post(f"{_PLACE}/metadata-reading")
@requires(Permission.SIGN_IN_MANAGE)
def read_metadata(uow: UnitOfWork, provider_id: UUID) -> Response | Errand:
    """Shows what the metadata says, for the admin to compare; nothing is kept."""
    form = MetadataForm()
    file = None
    if form.file.data:
        with closing(form.file.data) as upload:
            file = upload.read(_LARGEST_FILE)
    if not form.validate():
        return set_up_page(uow, provider_id, 422, metadata_form=form)
    try:
        if file is not None:
            scanning.need_clean(uow, file, file_name=form.file.data.filename or "")
        source = saml_setup.source(uow, provider_id, file=file, url=form.url.data or "")
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, metadata_form=form)
    return Errand(source.ask, partial(_show_metadata, provider_id, form, source))


def _show_metadata(
    provider_id: UUID, form: MetadataForm, source: Source, uow: UnitOfWork, raw: bytes | None
) -> Response:
    try:
        read = saml_setup.read_metadata(uow, source, raw)
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, metadata_form=form)
    taken = TakeOverForm(formdata=None, entity_id=read.entity_id, sign_in_url=read.sso_url)
    return make_response(_confirmation(uow, provider_id, taken, [one.pem for one in read.certificates]))


@blueprint.post(f"{_PLACE}/metadata")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def take_over(uow: UnitOfWork, provider_id: UUID) -> Response:
    """Keeps what was read, with every new certificate confirmed; 422 until then."""
    form = TakeOverForm()
    certificates = request.form.getlist("certificates")[:_MOST_CERTIFICATES]
    try:
        saml_setup.take_over(
            uow,
            provider_id,
            entity_id=form.entity_id.data or "",
            sign_in_url=form.sign_in_url.data or "",
            certificates=certificates,
            confirmed=set(request.form.getlist("confirmed")),
        )
    except Refusal as refusal:
        return _refused_take_over(uow, provider_id, refusal, form, certificates)
    flash(_("The provider is known now. Try it with the test."), "success")
    return _back(provider_id)


@blueprint.post(f"{_PLACE}/certificates")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def add_certificate(uow: UnitOfWork, provider_id: UUID) -> Response:
    """The next certificate beside the one in use: first its thumbprint, then the yes."""
    form = CertificateForm()
    confirmed = set(request.form.getlist("confirmed"))
    pem = form.certificate.data or ""
    try:
        saml_setup.look_at(uow, provider_id)
        if not form.validate():
            return set_up_page(uow, provider_id, 422, certificate_form=form)
        if not confirmed:
            new = saml_setup.look_at_certificate(pem)
            return set_up_page(uow, provider_id, 200, certificate_form=form, new=new)
        saml_setup.lay_beside(uow, provider_id, pem, confirmed=confirmed)
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, certificate_form=form)
    flash(_("Both certificates are accepted from now on."), "success")
    return _back(provider_id)


@blueprint.post(f"{_PLACE}/certificate-removal")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def remove_certificate(uow: UnitOfWork, provider_id: UUID) -> Response:
    """The old one, once the provider signs with the new one."""
    form = FlaskForm()
    thumbprint = request.form.get("thumbprint", "")
    try:
        saml_setup.take_away(uow, provider_id, thumbprint)
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, removal_form=form)
    flash(_("The certificate is no longer accepted."), "success")
    return _back(provider_id)


def _back(provider_id: UUID) -> Response:
    return redirect(url_for("sso_settings.edit", provider_id=provider_id), code=303)


def _refused_take_over(
    uow: UnitOfWork, provider_id: UUID, refusal: Refusal, form: TakeOverForm, certificates: list[str]
) -> Response:
    """The page of confirmation again; the set-up page when there is nothing that could be shown on it."""
    if refusal.reason in {Reason.NOT_FOUND, Reason.NOT_PERMITTED}:
        raise refusal
    try:
        page = _confirmation(uow, provider_id, form, certificates, refusal)
    except Refusal:
        return _refused(uow, provider_id, refusal, metadata_form=MetadataForm(formdata=None))
    return make_response(page, 422)


def _confirmation(
    uow: UnitOfWork,
    provider_id: UUID,
    form: TakeOverForm,
    certificates: list[str],
    refusal: Refusal | None = None,
) -> str:
    """What was read, each certificate with its thumbprint; those that are known need no confirmation."""
    setup = saml_setup.look_at(uow, provider_id)
    read = [saml_setup.look_at_certificate(pem) for pem in certificates]
    if refusal is not None:
        put_refusal(form, refusal)
    return render_template(
        "sso_settings/saml_confirm.html",
        setup=setup,
        form=form,
        certificates=read,
        known={one.thumbprint for one in setup.certificates},
    )


def _refused(uow: UnitOfWork, provider_id: UUID, refusal: Refusal, **sent: FlaskForm) -> Response:
    """The set-up page with the reason at its form; what is not there or not allowed stays an error."""
    if refusal.reason in {Reason.NOT_FOUND, Reason.NOT_PERMITTED}:
        raise refusal
    (form,) = sent.values()
    put_refusal(form, refusal)
    shown: dict[str, Any] = dict(sent)
    return set_up_page(uow, provider_id, 422, **shown)
