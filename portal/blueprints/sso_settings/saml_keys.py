"""The portal's own keys for a SAML provider: made, taken into use, taken away."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.sso_settings import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services.sso import saml_keys
from portal.web.guards import requires
from portal.web.step_up import freshly_proven

_PLACE = "/c/<company>/settings/sign-in/providers/<uuid:provider_id>"


@blueprint.post(f"{_PLACE}/keys")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def make_key(uow: UnitOfWork, provider_id: UUID) -> Response:
    """A key of the portal's own, published in its metadata."""
    saml_keys.make(uow, provider_id)
    flash(_("The key is in our metadata now. Let the provider read it, then take it into use."), "success")
    return _back(provider_id)


@blueprint.post(f"{_PLACE}/key-use")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def use_key(uow: UnitOfWork, provider_id: UUID) -> Response:
    """Requests are signed with it from now on."""
    saml_keys.use(uow, provider_id, request.form.get("thumbprint", ""))
    flash(_("Requests are signed with this key from now on. Try it with the test."), "success")
    return _back(provider_id)


@blueprint.post(f"{_PLACE}/key-removal")
@requires(Permission.SIGN_IN_MANAGE)
@freshly_proven(back="sso_settings.edit")
def remove_key(uow: UnitOfWork, provider_id: UUID) -> Response:
    """What is encrypted for it cannot be opened any more."""
    saml_keys.take_away(uow, provider_id, request.form.get("thumbprint", ""))
    flash(_("The key is removed."), "success")
    return _back(provider_id)


def _back(provider_id: UUID) -> Response:
    return redirect(url_for("sso_settings.edit", provider_id=provider_id, _anchor="own-keys"), code=303)
