"""The two cookies of a signed-in browser, and who they say is there.

`__Host-sid` is the opaque session, `__Host-at` the access token of one minute. A token that has run out is
renewed in the same answer as long as its session lives; a token that is wrong in any other way ends the visit.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user

from portal.db import UnitOfWork
from portal.services import sessions
from portal.web.access_tokens import AccessRefused

SESSION_COOKIE = "__Host-sid"
ACCESS_COOKIE = "__Host-at"
login_manager = LoginManager()


class SignedInPerson(UserMixin):
    """What Flask-Login knows of the person: the session they came with."""

    def __init__(self, signed_in: sessions.SignedIn) -> None:
        self.id = str(signed_in.identity_id)
        self.signed_in = signed_in


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.request_loader(lambda _request: _load_person())
    app.after_request(_write_cookies)


def identify(uow: UnitOfWork) -> sessions.SignedIn | None:
    """Who is there, complete or half-way; from now on `uow` acts for them when they are all the way in."""
    g.uow = uow
    signed_in = person_here()
    if signed_in is None:
        return None
    uow.request = replace(uow.request, session_id=signed_in.session_id)
    if signed_in.complete:
        uow.actor = signed_in.actor
    return signed_in


def person_here() -> sessions.SignedIn | None:
    """Whose session the browser came with on this company's page, complete or half-way; None: nobody's."""
    return current_user.signed_in if current_user.is_authenticated else None


def look_again() -> None:
    """The next question who is there is asked of the database once more: time has passed within this request."""
    g.pop("_login_user", None)  # where Flask-Login keeps its answer
    g.pop("uow", None)


def presented_token() -> str | None:
    """The session token that the browser sent, alive or not: a new session replaces its own old one."""
    return request.cookies.get(SESSION_COOKIE) or None


def begin(token: str) -> None:
    """The answer to this request carries a new session; the access token follows with the next request.

    What the form cookie held before is dropped: a form token from before the sign-in opens nothing after it.
    """
    session.clear()
    g.new_session_token = token
    g.drop_access_token = True


def forget_forms() -> None:
    """Forms that are open in this browser can be sent no more: what they would do has changed its meaning."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def forget() -> None:
    """The answer to this request takes both cookies away and clears what the browser stored."""
    session.clear()
    g.forget_cookies = True


def _load_person() -> SignedInPerson | None:
    """Flask-Login's loader: the session cookie must be alive, and a good access token must agree with it."""
    uow: UnitOfWork | None = g.get("uow")
    token = presented_token()
    if uow is None or token is None:
        return None
    signed_in = sessions.recognise(uow, token)
    if signed_in is None:
        return None
    tokens = current_app.extensions["staffroom"].access_tokens
    given = request.cookies.get(ACCESS_COOKIE)
    if given:
        try:
            access = tokens.verify(given, now=uow.clock.now())
        except AccessRefused as refused:
            if not refused.expired:
                return None
        else:
            agrees = access.session_id == signed_in.session_id and access.company_id == uow.company.id
            return SignedInPerson(signed_in) if agrees else None
    if signed_in.complete:
        sessions.prolong(uow, signed_in.session_id)
        g.new_access_token = tokens.mint(
            identity_id=signed_in.identity_id,
            company_id=uow.company.id,
            session_id=signed_in.session_id,
            now=uow.clock.now(),
        )
    return SignedInPerson(signed_in)


def _write_cookies(response: Response) -> Response:
    if g.get("forget_cookies"):
        _write(response, SESSION_COOKIE, None)
        _write(response, ACCESS_COOKIE, None)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
    if g.get("new_session_token"):
        _write(response, SESSION_COOKIE, g.new_session_token)
    if g.get("drop_access_token"):
        _write(response, ACCESS_COOKIE, None)
    elif g.get("new_access_token"):
        _write(response, ACCESS_COOKIE, g.new_access_token)
    return response


def _write(response: Response, name: str, value: str | None) -> None:
    """A cookie that lasts as long as the browser's visit; None takes it away."""
    max_age = 0 if value is None else None
    response.set_cookie(name, value or "", max_age=max_age, secure=True, httponly=True, samesite="Lax")
