"""The admin's pages of a SAML provider: our values, its metadata, its certificates, its attributes."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.blueprints.sso import blueprint
from portal.blueprints.sso.saml_forms import (
    AttributesForm,
    CertificateForm,
    MetadataForm,
    NewProviderForm,
    ProvedForm,
    TakeOverForm,
)
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Joining
from portal.services.sso import proof, providers, saml_setup
from portal.web import saml_words
from portal.web.form_refusals import put_refusal, refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer

#: More than two are refused; more than these are not even looked at.
_MOST_CERTIFICATES = 4
#: One byte more than is taken, so that a longer one is known for what it is.
_LARGEST_FILE = 1024 * 1024 + 1
_PAGE = "sso/saml/set_up.html"
_CONFIRM = "sso/saml/confirm.html"


@blueprint.get("/c/<company>/saml")
@requires(Permission.SIGN_IN_MANAGE)
def saml_index(uow: UnitOfWork) -> str:
    """The company's SAML providers, and a name for the next one."""
    return render_template("sso/saml/index.html", form=NewProviderForm(), **_listed(uow))


@blueprint.post("/c/<company>/saml")
@requires(Permission.SIGN_IN_MANAGE)
def saml_create(uow: UnitOfWork) -> Response:
    form = NewProviderForm()
    if not form.validate():
        return form_answer("sso/saml/index.html", form=form, **_listed(uow))
    try:
        provider_id = saml_setup.create(uow, form.name.data or "")
    except Refusal as refusal:
        return refused_form("sso/saml/index.html", form, refusal, **_listed(uow))
    return _back(provider_id)


@blueprint.get("/c/<company>/saml/<uuid:provider_id>/set-up")
@requires(Permission.SIGN_IN_MANAGE)
def saml_set_up(uow: UnitOfWork, provider_id: UUID) -> str:
    return _page(uow, provider_id)


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/metadata-reading")
@requires(Permission.SIGN_IN_MANAGE)
def saml_read(uow: UnitOfWork, provider_id: UUID) -> Response | str:
    """Shows what the metadata says, for the admin to compare; nothing is kept."""
    form = MetadataForm()
    file = None
    if form.file.data:
        with closing(form.file.data) as upload:
            file = upload.read(_LARGEST_FILE)
    try:
        saml_setup.look_at(uow, provider_id)
        if not form.validate():
            return make_response(_page(uow, provider_id, metadata=form), 422)
        read = saml_setup.read_metadata(uow, file=file, url=form.url.data or "")
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, metadata=form)
    taken = TakeOverForm(formdata=None, entity_id=read.entity_id, sign_in_url=read.sso_url)
    return _confirmation(uow, provider_id, taken, [one.pem for one in read.certificates])


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/settings")
@requires(Permission.SIGN_IN_MANAGE)
def saml_take_over(uow: UnitOfWork, provider_id: UUID) -> Response | str:
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
            password=form.password.data or "",
        )
    except Refusal as refusal:
        if refusal.reason in {Reason.NOT_FOUND, Reason.NOT_PERMITTED}:
            raise
        put_refusal(form, refusal)
        try:
            return make_response(_confirmation(uow, provider_id, form, certificates), 422)
        except Refusal:
            return _refused(uow, provider_id, refusal, metadata=MetadataForm(formdata=None))
    flash(_("The provider is known now. Try it with the test."), "success")
    return _back(provider_id)


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/certificates")
@requires(Permission.SIGN_IN_MANAGE)
def saml_add_certificate(uow: UnitOfWork, provider_id: UUID) -> Response | str:
    """The next certificate beside the one in use: first its thumbprint, then the yes."""
    form = CertificateForm()
    confirmed = set(request.form.getlist("confirmed"))
    try:
        saml_setup.look_at(uow, provider_id)
        if not form.validate():
            return make_response(_page(uow, provider_id, certificate=form), 422)
        pem = form.certificate.data or ""
        if not confirmed:
            new = saml_setup.look_at_certificate(pem)
            return make_response(_page(uow, provider_id, certificate=form, new=new), 200)
        saml_setup.lay_beside(uow, provider_id, pem, confirmed=confirmed, password=form.password.data or "")
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, certificate=form)
    flash(_("Both certificates are accepted from now on."), "success")
    return _back(provider_id)


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/certificate-removal")
@requires(Permission.SIGN_IN_MANAGE)
def saml_remove_certificate(uow: UnitOfWork, provider_id: UUID) -> Response:
    form = ProvedForm()
    try:
        saml_setup.take_away(
            uow, provider_id, request.form.get("thumbprint", ""), password=form.password.data or ""
        )
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, removal=form)
    flash(_("The certificate is no longer accepted."), "success")
    return _back(provider_id)


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/attributes")
@requires(Permission.SIGN_IN_MANAGE)
def saml_describe(uow: UnitOfWork, provider_id: UUID) -> Response:
    """What the provider calls the attributes, and who may join by them."""
    form = AttributesForm()
    try:
        saml_setup.look_at(uow, provider_id)
        if not form.validate():
            return make_response(_page(uow, provider_id, attributes=form), 422)
        saml_setup.describe(uow, provider_id, _wanted(form), password=form.password.data or "")
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, attributes=form)
    flash(_("The attributes are saved."), "success")
    return _back(provider_id)


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/activation")
@requires(Permission.SIGN_IN_MANAGE)
def saml_activate(uow: UnitOfWork, provider_id: UUID) -> Response:
    form = ProvedForm()
    try:
        providers.activate(uow, provider_id, password=form.password.data or "")
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, switch=form)
    flash(_("People can sign in with it from now on."), "success")
    return _back(provider_id)


@blueprint.post("/c/<company>/saml/<uuid:provider_id>/deactivation")
@requires(Permission.SIGN_IN_MANAGE)
def saml_switch_off(uow: UnitOfWork, provider_id: UUID) -> Response:
    form = ProvedForm()
    try:
        providers.switch_off(uow, provider_id, password=form.password.data or "")
    except Refusal as refusal:
        return _refused(uow, provider_id, refusal, switch=form)
    flash(_("The provider is switched off. Whoever came in by it is signed out."), "success")
    return _back(provider_id)


def _listed(uow: UnitOfWork) -> dict[str, Any]:
    return {"lines": saml_setup.list_all(uow), "saml_words": saml_words}


def _back(provider_id: UUID) -> Response:
    return redirect(url_for("sso.saml_set_up", provider_id=provider_id), code=303)


def _wanted(form: AttributesForm) -> saml_setup.Mapping:
    return saml_setup.Mapping(
        email_attribute=form.email_attribute.data or "",
        first_name_attribute=form.first_name_attribute.data or "",
        last_name_attribute=form.last_name_attribute.data or "",
        groups_attribute=form.groups_attribute.data or "",
        joining=Joining.VERIFIED_DOMAINS if form.join_by_domain.data else Joining.INVITED,
        asks_second_factor=bool(form.asks_second_factor.data),
    )


def _page(uow: UnitOfWork, provider_id: UUID, **sent: Any) -> str:
    """The page with the form that was sent, and fresh ones beside it."""
    setup = saml_setup.look_at(uow, provider_id)
    line = setup.line
    attributes = AttributesForm(
        formdata=None,
        obj=setup.settings,
        join_by_domain=line.joining is Joining.VERIFIED_DOMAINS,
        asks_second_factor=line.asks_second_factor,
    )
    forms = {
        "metadata": MetadataForm(formdata=None),
        "certificate": CertificateForm(formdata=None),
        "attributes": attributes,
        "removal": ProvedForm(formdata=None),
        "switch": ProvedForm(formdata=None),
        "new": None,
        **sent,
    }
    facts = {"line": line, "now": uow.clock.now(), "fresh": proof.is_fresh(uow), "saml_words": saml_words}
    return render_template(_PAGE, setup=setup, **facts, **forms)


def _confirmation(uow: UnitOfWork, provider_id: UUID, form: TakeOverForm, certificates: list[str]) -> str:
    """What was read, each certificate with its thumbprint; those that are known need no confirmation."""
    setup = saml_setup.look_at(uow, provider_id)
    return render_template(
        _CONFIRM,
        setup=setup,
        form=form,
        certificates=[saml_setup.look_at_certificate(pem) for pem in certificates],
        known={one.thumbprint for one in setup.certificates},
        fresh=proof.is_fresh(uow),
    )


def _refused(uow: UnitOfWork, provider_id: UUID, refusal: Refusal, **sent: FlaskForm) -> Response:
    """The page again with the reason at its form; what is not there or not allowed stays an error."""
    if refusal.reason in {Reason.NOT_FOUND, Reason.NOT_PERMITTED}:
        raise refusal
    (form,) = sent.values()
    put_refusal(form, refusal)
    return make_response(_page(uow, provider_id, **sent), 422)
