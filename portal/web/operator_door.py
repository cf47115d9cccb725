"""The operator's own host: keeps it apart from the customers', and knows who of the staff is there.

Pages of the staff carry `staff_page` or `staff_door` as their access mark. What they see of a company is
web/support_door.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, session, url_for

from portal.db import open_support_session
from portal.services import operator_sign_in
from portal.services.operator_work import OperatorWork
from portal.web.htmx import redirect_everywhere
from portal.web.marks import OPERATOR

COOKIE = "__Host-operator"
View = Callable[..., Any]
_FIRST_ERROR = 400
#: What both hosts answer: files of ours, and machines that ask whether the process lives.
_ON_BOTH = {"static", "healthz", "readyz", None}


def init_app(app: Flask) -> None:
    app.before_request(_keep_hosts_apart)
    app.after_request(_write_cookie)


def is_here() -> bool:
    """Was the operator's own host asked?"""
    host = current_app.extensions["staffroom"].settings.operator_host
    return host is not None and urlsplit(f"//{request.host}").hostname == host


def staff_page(view: View) -> View:
    """For members of the staff who are signed in; called with their work, which is committed unless it failed."""
    return _marked(view, signed_in=True)


def staff_door(view: View) -> View:
    """Before the sign-in of the staff."""
    return _marked(view, signed_in=False)


@contextmanager
def operator_work() -> Iterator[OperatorWork]:
    """A transaction at the staff's own tables, with who is there; whoever opens it commits."""
    staffroom = current_app.extensions["staffroom"]
    with open_support_session() as database:
        work = OperatorWork(database, staffroom.clock, request.remote_addr or "", staffroom.outside)
        token = request.cookies.get(COOKIE)
        if token:
            work.staff = operator_sign_in.recognise(work, token)
        yield work


def begin(token: str) -> None:
    """The answer carries the session; forms from before the sign-in open nothing after it."""
    session.clear()
    g.operator_token = token


def forget() -> None:
    session.clear()
    g.operator_token = ""


def _marked(view: View, *, signed_in: bool) -> View:
    @wraps(view)
    def guarded(**values: Any) -> Any:
        with operator_work() as work:
            if signed_in and work.staff is None:
                return redirect_everywhere(url_for("operator.sign_in"))
            g.staff = work.staff
            answer = make_response(view(work, **values))
            if answer.status_code < _FIRST_ERROR:
                work.session.commit()
            return answer

    guarded.access_mark = OPERATOR  # type: ignore[attr-defined]
    return guarded


def _keep_hosts_apart() -> Response | None:
    """Staff pages answer on the operator's host alone; of the customers' pages only a company's own go on there."""
    view = current_app.view_functions.get(request.endpoint or "")
    for_staff = getattr(view, "access_mark", None) is OPERATOR
    if not is_here():
        if for_staff and request.method != "OPTIONS":
            abort(404)
        return None
    if for_staff or request.endpoint in _ON_BOTH or g.get("company_slug"):
        return None
    if request.path != "/" or request.method != "GET":
        abort(404)
    return make_response(redirect(url_for("operator.index"), code=303))


def _write_cookie(response: Response) -> Response:
    token = g.get("operator_token")
    if token is not None:
        response.set_cookie(
            COOKIE, token, max_age=None if token else 0, secure=True, httponly=True, samesite="Strict"
        )
    return response
