"""Asks for a fresh proof before a sensitive change: a second factor, or the password of whoever has none.

A whole page of its own (sign_in), with or without htmx. Afterwards the person is where they were; a form that was
sent meanwhile has changed nothing, and is sent again by its owner.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, flash, request, url_for
from flask_babel import gettext as _

from portal.db import UnitOfWork
from portal.domain.second_factors import is_fresh
from portal.services import own_factors
from portal.web import second_steps, session_cookies
from portal.web.htmx import redirect_everywhere
from portal.web.local_paths import company_path

View = Callable[..., Any]


def freshly_proven(back: str) -> Callable[[View], View]:
    """A mark below the access mark. `back` is the page whose form was sent; a GET comes back to itself."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(uow: UnitOfWork, **values: Any) -> Any:
            if proof_is_fresh(uow):
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
        flash(_("Nothing is changed yet. Confirm that it is you; then send it once more."), "message")
        expecting = current_app.url_map.is_endpoint_expecting
        after = url_for(back, **{name: value for name, value in values.items() if expecting(back, name)})
    standing = own_factors.standing(uow, uow.actor.employee_id)
    return redirect_everywhere(second_steps.place(standing, complete=True, after=after))
