"""The pages behind a link from a mail, and asking for one. A GET changes nothing: mail scanners open links too."""

from __future__ import annotations

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.sign_in import blueprint
from portal.blueprints.sign_in.arrivals import arrive, browser
from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import password_resets, passwords, sign_in, sign_in_links, sign_in_policy
from portal.services.sign_in_links import Employee, LinkPurpose
from portal.services.sso import door
from portal.web import typed_email
from portal.web.form_refusals import refused_form
from portal.web.guards import public
from portal.web.htmx import form_answer
from portal.web.password_forms import EmailForm, NewPasswordForm


@blueprint.get("/c/<company>/forgotten-password")
@public
def forgotten(uow: UnitOfWork) -> str:
    """Asks whose password is forgotten."""
    form = EmailForm(email=typed_email.recall(uow.company.slug))
    return render_template("sign_in/forgotten.html", form=form)


@blueprint.post("/c/<company>/forgotten-password", endpoint="ask_reset")
@public
def ask_reset(uow: UnitOfWork) -> Response:
    """303 to the same sentence for everybody, whether or not a mail goes out."""
    form = EmailForm()
    if not form.validate():
        return form_answer("sign_in/forgotten.html", form=form)
    try:
        password_resets.ask(uow, form.email.data or "")
    except Refusal as refusal:
        return refused_form("sign_in/forgotten.html", form, refusal)
    return redirect(url_for("sign_in.reset_asked"), code=303)


@blueprint.get("/c/<company>/forgotten-password/asked")
@public
def reset_asked(_uow: UnitOfWork) -> str:
    """What happens next."""
    return render_template("sign_in/reset_asked.html")


@blueprint.get("/c/<company>/invitations/<string(length=43):token>")
@public
def invitation(uow: UnitOfWork, token: str) -> str | Response:
    """The welcome page where a first password is chosen."""
    return _show(uow, token, LinkPurpose.INVITATION)


@blueprint.post("/c/<company>/invitations/<string(length=43):token>", endpoint="accept")
@public
def accept(uow: UnitOfWork, token: str) -> Response:
    """Sets the first password and signs in."""
    return _use(uow, token, LinkPurpose.INVITATION)


@blueprint.get("/c/<company>/password-resets/<string(length=43):token>")
@public
def reset(uow: UnitOfWork, token: str) -> str | Response:
    """The page where another password is chosen."""
    return _show(uow, token, LinkPurpose.PASSWORD_RESET)


@blueprint.post("/c/<company>/password-resets/<string(length=43):token>", endpoint="set_password")
@public
def set_password(uow: UnitOfWork, token: str) -> Response:
    """Sets the password, ends all sessions, and signs in."""
    return _use(uow, token, LinkPurpose.PASSWORD_RESET)


def _show(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> str | Response:
    try:
        employee = sign_in_links.holder(uow, token, purpose)
    except Refusal:
        return _dead(uow, token, purpose)
    return render_template(
        "sign_in/new_password.html", form=NewPasswordForm(), **_words(uow, purpose, employee, token)
    )


def _use(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> Response:
    form = NewPasswordForm()
    words: dict[str, object] = {}
    try:
        words = _words(uow, purpose, sign_in_links.holder(uow, token, purpose), token)
        if not form.validate():
            return form_answer("sign_in/new_password.html", form=form, **words)
        opened = sign_in.enter_by_link(uow, token, purpose, form.password.data or "", browser=browser())
    except Refusal as refusal:
        if refusal.reason is Reason.LINK_NO_LONGER_VALID:
            return _dead(uow, token, purpose)
        return refused_form("sign_in/new_password.html", form, refusal, **words)
    return arrive(uow, opened)


def _words(uow: UnitOfWork, purpose: LinkPurpose, holder: Employee, token: str) -> dict[str, object]:
    """What the page says beside its form."""
    return {
        "first": purpose is LinkPurpose.INVITATION,
        "email": holder.email,
        "minimum": passwords.minimum_length(uow),
        "door": door.look(uow),
        "emergency": not sign_in_policy.current(uow).shuts_out(holder.id),
        "token": token,
    }


def _dead(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> Response:
    """410: the link worked once, or was replaced, or never existed; the page does not say which, the log does."""
    sign_in_links.note_dead(uow, token, purpose)
    return make_response(
        render_template("sign_in/dead_link.html", first=purpose is LinkPurpose.INVITATION), 410
    )
