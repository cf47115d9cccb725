"""The access marks. Every route carries exactly one, and create_app refuses to start otherwise.

A marked handler of a company page is called with the unit of work, which is committed when the answer is not
an error; any exception, and any answer from 400 up, leaves the data as it was. A handler that must ask the outside
world first answers with an errand (web/errands.py), and all of this happens again when it is back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from flask import Flask, Response, abort, g, make_response, request, url_for

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import access, denials, own_factors
from portal.web import (
    bearer_tokens,
    cross_site,
    feed_addresses,
    operator_door,
    read_only,
    second_steps,
    session_cookies,
    support_door,
    tenancy,
    viewing,
)
from portal.web.errands import Errand
from portal.web.htmx import redirect_everywhere
from portal.web.marks import BY_FEED_ADDRESS, BY_TOKEN, OPERATOR, PUBLIC, SIGNED_IN, Mark

View = Callable[..., Any]
_FIRST_ERROR = 400
#: Refusals that are about who asks; a row out of reach is not found, and not told from one that never was.
_DENIED = {Reason.GRANT_ABOVE_OWN, Reason.NOT_PERMITTED, Reason.OWN_REQUEST}


class UnmarkedRoute(Exception):
    """A route that says nothing about who may use it."""


def public(view: View) -> View:
    """Anybody may use this page. On a company's page nobody is taken to be signed in unless they are."""
    return _guarded(view, PUBLIC)


def signed_in(view: View) -> View:
    """Everybody who is signed in to this company, all the way."""
    return _guarded(view, SIGNED_IN)


def requires(permission: Permission) -> Callable[[View], View]:
    """Holders of the permission, whatever its reach; the service asks how far it goes."""
    return lambda view: _guarded(view, Mark("requires", permission))


def by_feed_address(view: View) -> View:
    """A calendar program, with the secret of a live feed as the `token` in its address. It needs no browser's cookie,
    and one opens nothing here.
    """
    return _guarded(view, BY_FEED_ADDRESS)


def by_token(view: View) -> View:
    """A directory service with a live token of this company. Browsers' cookies open nothing here, so that no form
    of another site can use them: these routes need no form token, and no other route goes without.
    """
    return _guarded(view, BY_TOKEN)


def excuse_from_form_tokens(app: Flask) -> None:
    """Whoever comes with a bearer token has no form; follows from the mark, so that the two cannot drift apart."""
    for view in app.view_functions.values():
        if getattr(view, "access_mark", None) is BY_TOKEN:
            cross_site.csrf.exempt(view)


def also_while_viewing(view: View) -> View:
    """A change that stays open to somebody who looks at the portal as a role: the ways out. Goes below the mark."""
    view.open_while_viewing = True  # type: ignore[attr-defined]
    return view


def also_when_over(view: View) -> View:
    """A change that stays open when the licence is over: whatever is about one's own data. Goes below the mark."""
    view.open_when_over = True  # type: ignore[attr-defined]
    return view


def refuse_unmarked_routes(app: Flask) -> None:
    """Stops the start when a route has no mark, or one that its address cannot satisfy."""
    for rule in app.url_map.iter_rules():
        mark = getattr(app.view_functions[rule.endpoint], "access_mark", None)
        if mark is None:
            raise UnmarkedRoute(f"{rule.endpoint} ({rule}) has no access mark")
        if mark not in {PUBLIC, OPERATOR} and "company" not in rule.arguments:
            raise UnmarkedRoute(f"{rule.endpoint} ({rule}) needs a company in its address")


def _guarded(view: View, mark: Mark) -> View:
    if hasattr(view, "access_mark"):
        raise UnmarkedRoute(f"{view.__name__} carries two access marks")

    @wraps(view)
    def guarded(**values: Any) -> Any:
        if tenancy.company_slug() is None:
            return view(**values)
        if operator_door.is_here():
            return support_door.answer(view, mark, values)
        answer = _let_through(view, mark, lambda uow: view(uow, **values))
        while isinstance(answer, Errand):
            brought, then = answer.ask(), answer.then
            session_cookies.look_again()
            answer = _let_through(view, mark, partial(_go_on, then, brought))
        return answer

    guarded.access_mark = mark  # type: ignore[attr-defined]
    return guarded


def _let_through(view: View, mark: Mark, handle: Callable[[UnitOfWork], Any]) -> Response | Errand:
    """One unit of work by whoever is there, if they may pass; what is written before an errand counts."""
    with tenancy.company_unit_of_work() as uow:
        read_only.refuse_what_is_erased(uow)
        turned_away = _turn_away(uow, mark, open_while_viewing=hasattr(view, "open_while_viewing"))
        if turned_away is not None:
            return turned_away
        read_only.keep(uow, open_always=hasattr(view, "open_when_over"))
        try:
            handled = handle(uow)
            answer = handled if isinstance(handled, Errand) else make_response(handled)
        except Refusal as refusal:
            if uow.keep_when_refused:
                uow.commit()
            elif refusal.reason in _DENIED:
                uow.start_over()
                _note_denial(uow, reason=refusal.reason.value)
            raise
        if isinstance(answer, Errand) or answer.status_code < _FIRST_ERROR or uow.keep_when_refused:
            uow.commit()
        return answer


def _go_on(then: Callable[[UnitOfWork, Any], Any], brought: Any, uow: UnitOfWork) -> Any:
    return then(uow, brought)


def _turn_away(uow: UnitOfWork, mark: Mark, *, open_while_viewing: bool) -> Response | None:
    """None for those who may pass; the way to the sign-in page, or 403, for the others."""
    if mark is BY_TOKEN:
        return bearer_tokens.turn_away(uow)
    if mark is BY_FEED_ADDRESS:
        return feed_addresses.turn_away(uow)
    person = session_cookies.identify(uow)
    if uow.actor.viewing is not None:
        viewing.keep_read_only(uow, open_while_viewing=open_while_viewing)
    if mark is PUBLIC:
        return None
    if person is None:
        return _to_sign_in()
    if not person.complete:
        owed = own_factors.standing(uow, person.actor.employee_id)
        return redirect_everywhere(second_steps.place(owed, complete=False))
    if mark.permission is not None and not access.can(uow, mark.permission):
        _note_denial(uow, permission=mark.permission.value)
        abort(403)
    return None


def _note_denial(uow: UnitOfWork, **facts: Any) -> None:
    """Whoever tries doors is on record, or counted, though nothing else of the request is."""
    denials.note(uow, path=request.path, **facts)
    uow.commit()


def _to_sign_in() -> Response:
    if request.cookies.get(session_cookies.SESSION_COOKIE):
        g.session_over = True
    after = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect_everywhere(url_for("sign_in.show", after=after))
