"""Who may see the pages of the second step: half-way in to complete the sign-in, or in and asked to prove it again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request, url_for

from portal.db import UnitOfWork
from portal.domain.second_factors import Factor
from portal.services import own_factors
from portal.services.own_factors import Standing
from portal.services.sessions import SignedIn
from portal.web import second_steps, session_cookies
from portal.web.htmx import redirect_everywhere
from portal.web.local_paths import company_path
from portal.web.step_up import proof_is_fresh

View = Callable[..., Any]


def proving(factor: Factor) -> Callable[[View], View]:
    """Gives the handler the person, how they stand, and what its template needs; sends all others elsewhere."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(uow: UnitOfWork) -> Any:
            person, after = session_cookies.person_here(), wanted(uow)
            if person is None:
                return redirect_everywhere(url_for("sign_in.show", after=after))
            if person.complete and proof_is_fresh(uow):
                return redirect_everywhere(after or url_for("home.index"))
            standing = own_factors.standing(uow, person.actor.employee_id)
            if not _fits(person, standing, factor):
                place = second_steps.place(standing, complete=person.complete, after=after)
                return redirect_everywhere(place)
            ways = second_steps.other_ways(standing, factor, after)
            return view(uow, person, again=person.complete, ways=ways)

        return checked

    return mark


def half_way(view: View) -> View:
    """Gives the handler a person who has no factor yet and is asked for one; sends all others elsewhere."""

    @wraps(view)
    def checked(uow: UnitOfWork) -> Any:
        person, after = session_cookies.person_here(), wanted(uow)
        if person is not None and person.complete:
            return redirect_everywhere(after or url_for("home.index"))
        if person is None or not person.asked:
            return redirect_everywhere(url_for("sign_in.show", after=after))
        standing = own_factors.standing(uow, person.actor.employee_id)
        if standing.bound and request.method == "GET":
            return redirect_everywhere(second_steps.place(standing, complete=False, after=after))
        return view(uow, person)  # a POST is refused by the service, with its reason

    return checked


def wanted(uow: UnitOfWork) -> str | None:
    """Where the person wants to go, if it is a page of this company."""
    return company_path(request.values.get("after"), uow.company.slug)


def _fits(person: SignedIn, standing: Standing, factor: Factor) -> bool:
    """Does the page of this factor help: it works, was switched off, or, for a first number, is being bound?"""
    if factor in standing.usable or (factor in standing.stopped and standing.has_one):
        return True
    binding = person.asked and not person.complete and not standing.bound
    return factor is Factor.SMS and binding
