"""Asks for a fresh proof before a sensitive change: a second factor, or the password of whoever has none.

A whole page of its own (sign_in), with or without htmx. Afterwards the person is where they were. A form that was
sent meanwhile has changed nothing; what was typed into it waits (services/kept_forms) and is sent by one more click.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.db import UnitOfWork
from portal.domain.second_factors import is_fresh
from portal.services import kept_forms, own_factors
from portal.services.kept_forms import KeptForm
from portal.web import second_steps, session_cookies
from portal.web.htmx import redirect_everywhere
from portal.web.local_paths import company_path

View = Callable[..., Any]

#: Fields that are not kept while their owner proves themselves, but typed once more: their labels.
SECRETS = {"secret": _l("Client secret")}
#: Fields that are of no use any more by then.
_NOT_KEPT = {"csrf_token", "code", "kept_form", *SECRETS}


def freshly_proven(back: str) -> Callable[[View], View]:
    """A mark below the access mark. `back` is the page whose form was sent; a GET comes back to itself."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(uow: UnitOfWork, **values: Any) -> Any:
            if proof_is_fresh(uow):
                if "kept_form" in request.form:
                    kept_forms.forget(uow)
                return view(uow, **values)
            return _ask(uow, back, values)

        checked.asks_for_proof = True  # type: ignore[attr-defined]
        return checked

    return mark


def proof_is_fresh(uow: UnitOfWork) -> bool:
    """Has whoever is here proven themselves within the last five minutes?"""
    person = session_cookies.person_here()
    return person is not None and is_fresh(person.proven_at, uow.clock.now())


def _ask(uow: UnitOfWork, back: str, values: dict[str, Any]) -> Response:
    if request.method == "GET":
        after = company_path(request.full_path.rstrip("?"), uow.company.slug)
    else:
        expecting = current_app.url_map.is_endpoint_expecting
        page = url_for(back, **{name: value for name, value in values.items() if expecting(back, name)})
        after = url_for("sign_in.kept_form") if _keep(uow, page) else page
    standing = own_factors.standing(uow, uow.actor.employee_id)
    return redirect_everywhere(second_steps.place(standing, complete=True, after=after))


def _keep(uow: UnitOfWork, page: str) -> bool:
    """Does what was typed wait? A lone button is quickly pressed again, where it stands."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_KEPT]
    secrets = [name for name in SECRETS if request.form.get(name)]
    form = KeptForm(request.full_path.rstrip("?"), page, fields, secrets)
    if (fields or secrets) and not request.files and kept_forms.keep(uow, form):
        flash(_("Nothing is changed yet, and what you entered is kept. Confirm that it is you."), "message")
        return True
    flash(_("Nothing is changed yet. Confirm that it is you; then send it once more."), "message")
    return False
