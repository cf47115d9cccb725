"""Adding a provider, its set-up page step by step, and switching it on and off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal.blueprints.sso_settings import blueprint
from portal.blueprints.sso_settings.forms import MicrosoftForm, NewProviderForm, ProviderForm
from portal.blueprints.sso_settings.saml_forms import CertificateForm, MetadataForm, SamlForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.domain.sso import ProviderKind
from portal.services.sso import (
    oidc,
    provider_access,
    provider_lines,
    providers,
    role_mapping,
    saml_keys,
    saml_setup,
)
from portal.services.sso.provider_lines import ProviderLine
from portal.web.form_refusals import put_refusal, refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.role_words import role_label
from portal.web.sso_words import KINDS, STATES
from portal.web.step_up import freshly_proven

_PLACE = "/c/<company>/settings/sign-in/providers"


@blueprint.get(f"{_PLACE}/new")
@requires(Permission.SIGN_IN_MANAGE)
def new(_uow: UnitOfWork) -> str:
    """Which provider?"""
    form = NewProviderForm(kind=request.args.get("kind"))
    form.offer()
    return render_template("sso_settings/new.html", form=form)


@blueprint.post(_PLACE)
@requires(Permission.SIGN_IN_MANAGE)
def create(uow: UnitOfWork) -> Response:
    """A draft; its own page says what comes next."""
    form = NewProviderForm()
    form.offer()
    if not form.validate():
        return form_answer("sso_settings/new.html", form=form)
    try:
        provider_id = providers.create(uow, ProviderKind(form.kind.data), form.name.data or "")
    except Refusal as refusal:
        return refused_form("sso_settings/new.html", form, refusal)
    return redirect(url_for("sso_settings.edit", provider_id=provider_id), code=303)


@blueprint.get(f"{_PLACE}/<uuid:provider_id>")
@requires(Permission.SIGN_IN_MANAGE)
def edit(uow: UnitOfWork, provider_id: UUID) -> str:
    """What to do at the provider, and what to enter here."""
    line = provider_lines.look_at(uow, provider_id)
    form = _provider_form(line)
    form.fill(line)
    return render_template("sso_settings/edit.html", form=form, **_shown(uow, line))


@blueprint.post(f"{_PLACE}/<uuid:provider_id>")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def update(uow: UnitOfWork, provider_id: UUID) -> Response:
    """303 to the page with the new settings; 422 with what is wrong."""
    line = provider_lines.look_at(uow, provider_id)
    form = _provider_form(line)
    if not form.validate():
        return form_answer("sso_settings/edit.html", form=form, **_shown(uow, line))
    try:
        providers.configure(uow, provider_id, form.facts())
    except Refusal as refusal:
        return refused_form("sso_settings/edit.html", form, refusal, **_shown(uow, line))
    flash(_("The settings are saved. Test them next."), "success")
    return redirect(url_for("sso_settings.edit", provider_id=provider_id), code=303)


@blueprint.post(f"{_PLACE}/<uuid:provider_id>/activation")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def activate(uow: UnitOfWork, provider_id: UUID) -> Response:
    """The button appears on the sign-in page."""
    return _step(uow, provider_id, providers.activate, _("The button is on the sign-in page now."))


@blueprint.post(f"{_PLACE}/<uuid:provider_id>/deactivation")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def switch_off(uow: UnitOfWork, provider_id: UUID) -> Response:
    """The button disappears, and who came by it is signed out."""
    return _step(
        uow, provider_id, providers.switch_off, _("Switched off. Everybody who came by it is signed out.")
    )


@blueprint.post(f"{_PLACE}/<uuid:provider_id>/removal")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def remove(uow: UnitOfWork, provider_id: UUID) -> Response:
    """Forgets a provider that nobody uses."""
    return _step(uow, provider_id, providers.remove, _("The provider is removed."), to="sso_settings.index")


def set_up_page(uow: UnitOfWork, provider_id: UUID, status: int, **sent: Any) -> Response:
    """The set-up page with another form on it that was sent, and the main form as it stands."""
    line = provider_lines.look_at(uow, provider_id)
    form = _provider_form(line)
    form.fill(line)
    page = render_template("sso_settings/edit.html", form=form, **{**_shown(uow, line), **sent})
    return make_response(page, status)


def _provider_form(line: ProviderLine) -> ProviderForm:
    """The form of the provider's kind, with its choices."""
    if line.kind is ProviderKind.SAML:
        form: ProviderForm = SamlForm()
        form.remember(line)
    else:
        form = MicrosoftForm() if line.kind is ProviderKind.MICROSOFT else ProviderForm()
        form.secret.flags.required = not line.has_secret  # for the eye: one that is kept may be left alone
    form.offer()
    return form


def _step(
    uow: UnitOfWork, provider_id: UUID, step: Callable[..., None], said: str, *, to: str | None = None
) -> Response:
    """A change of state: one button."""
    line = provider_lines.look_at(uow, provider_id)
    try:
        step(uow, provider_id)
    except Refusal as refusal:
        form = _provider_form(line)
        form.fill(line)
        put_refusal(form, refusal)
        return form_answer("sso_settings/edit.html", form=form, **_shown(uow, line))
    flash(said, "success")
    place = url_for(to) if to else url_for("sso_settings.edit", provider_id=provider_id)
    return redirect(place, code=303)


def _shown(uow: UnitOfWork, line: ProviderLine) -> dict[str, Any]:
    roles = role_mapping.offered(uow) if line.kind is not ProviderKind.GOOGLE else []
    return {
        "provider": line,
        "redirect_uri": oidc.redirect_uri(uow, line.id),
        "today": uow.today(),
        "domains": sorted(provider_access.domains(uow)),
        "roles": [(key, role_label(key, key)) for key in roles],
        "kinds": KINDS,
        "states": STATES,
        "portal_url": uow.outside.url,
        **(_saml(uow, line) if line.kind is ProviderKind.SAML else {}),
    }


def _saml(uow: UnitOfWork, line: ProviderLine) -> dict[str, Any]:
    """The other forms of this kind, empty, and what they are about."""
    return {
        "setup": saml_setup.look_at(uow, line.id),
        "now": uow.clock.now(),
        "own_keys": saml_keys.show(uow, line.id),
        "metadata_form": MetadataForm(formdata=None),
        "certificate_form": CertificateForm(formdata=None),
        "removal_form": FlaskForm(formdata=None),
        "new": None,
    }
