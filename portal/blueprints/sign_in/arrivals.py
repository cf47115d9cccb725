"""What follows a new session: its cookie, and where the person goes next."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.db import UnitOfWork
from portal.services.sign_in import Browser, Opened
from portal.web import second_steps, session_cookies
from portal.web.local_paths import company_path


def browser() -> Browser:
    """The browser of this request."""
    return Browser(request.user_agent.string, session_cookies.presented_token())


def arrive(uow: UnitOfWork, opened: Opened, after: str | None = None) -> Response:
    """303 to the page that asks for a second factor, or all the way in."""
    session_cookies.begin(opened.token)
    if not opened.complete:
        wanted = company_path(after, uow.company.slug)
        return redirect(second_steps.place(opened.standing, complete=False, after=wanted), code=303)
    return go_on(uow, after)


def go_in(uow: UnitOfWork, token: str, after: str | None) -> Response:
    """On with the new token of a session that was just proven."""
    session_cookies.begin(token)
    return go_on(uow, after)


def go_on(uow: UnitOfWork, after: str | None) -> Response:
    """303 to the page the person wanted, if it is one of this company's, else to the home page."""
    return redirect(company_path(after, uow.company.slug) or url_for("home.index"), code=303)
