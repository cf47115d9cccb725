"""Takes the log out: as a file of the filter, by tokens for the feed, and with the program that checks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from portal.blueprints.audit import blueprint
from portal.blueprints.audit.asked import FIELDS, read
from portal.blueprints.audit.forms import ExportForm, TokenForm
from portal.db import UnitOfWork, open_session
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import audit_anchors, audit_export, audit_exports, audit_feed
from portal.services.audit_export import Extract
from portal.web import audit_files, privacy_words
from portal.web.downloads import file_answer
from portal.web.form_refusals import put_refusal, refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven

VERIFIER = "verify_audit_log.py"


@blueprint.get("/c/<company>/audit/export")
@requires(Permission.AUDIT_EXPORT)
@freshly_proven(back="audit.export_form")
def export_form(uow: UnitOfWork) -> str | BaseResponse:
    """What can be taken out. A filter that makes no sense is corrected on the page of the log."""
    if read(uow, request.args).found is None:
        return _correct(request.args)
    return render_template("audit/export.html", **_shown(uow, TokenForm(formdata=None)))


@blueprint.post("/c/<company>/audit/exports")
@requires(Permission.AUDIT_EXPORT)
@freshly_proven(back="audit.export_form")
def export(uow: UnitOfWork) -> BaseResponse:
    """The file, written while it is sent: no more than a page of the log is in memory. A long one is made by a job."""
    asked, kind = read(uow, request.form), request.form.get("kind", "")
    if asked.found is None:
        return _correct(request.form)
    searched = "; ".join(f"{name}={value}" for name, value in _filter(request.form).items())
    try:
        if audit_exports.takes_long(uow, asked.found):
            audit_exports.ask(uow, asked.found, kind=kind, searched=searched)
            return _later()
        extract = audit_export.begin(uow, asked.found, kind=kind, searched=searched)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _refused(uow, refusal)
    return _file(_streamed(uow, extract, kind), kind, audit_files.file_name(uow, kind, uow.today()))


@blueprint.post("/c/<company>/audit/exports/<uuid:audit_export_id>/download")
@requires(Permission.AUDIT_EXPORT)
@freshly_proven(back="audit.export_form")
def fetch_file(uow: UnitOfWork, audit_export_id: UUID) -> BaseResponse:
    """A long file, to whoever asked for it, once."""
    file = audit_exports.fetch(uow, audit_export_id)
    return _file(file.parts, file.kind, audit_files.file_name(uow, file.kind, file.asked_on))


def _later() -> BaseResponse:
    flash(_("The file is being made. We will write to you when it is ready."), "success")
    return redirect(url_for("audit.export_form", _anchor="files"), 303)


def _file(parts: Iterator[bytes], kind: str, name: str) -> BaseResponse:
    answer = file_answer(b"", content_type=audit_files.MEDIA_TYPES[kind], file_name=name)
    answer.response = stream_with_context(parts)
    del answer.headers["Content-Length"]
    return answer


@blueprint.get("/c/<company>/audit/verifier")
@requires(Permission.AUDIT_VIEW)
def verifier(_uow: UnitOfWork) -> Response:
    """The program that checks an exported log without the portal."""
    content = (Path(current_app.root_path) / "static" / "tools" / VERIFIER).read_bytes()
    return file_answer(content, content_type="text/x-python; charset=utf-8", file_name=VERIFIER)


@blueprint.post("/c/<company>/audit/feed-tokens")
@requires(Permission.AUDIT_EXPORT)
@freshly_proven(back="audit.export_form")
def issue_token(uow: UnitOfWork) -> BaseResponse | str:
    """The page with the new token, which no later page shows."""
    form = TokenForm()
    if not form.validate():
        return form_answer("audit/export.html", **_shown(uow, form))
    try:
        token = audit_feed.issue(uow, form.name.data or "")
    except Refusal as refusal:
        shown = _shown(uow, form)
        return refused_form("audit/export.html", shown.pop("form"), refusal, **shown)
    return render_template("audit/token.html", token=token, name=form.name.data, url=_feed_url(uow))


@blueprint.post("/c/<company>/audit/feed-tokens/<uuid:audit_feed_token_id>/revocation")
@requires(Permission.AUDIT_EXPORT)
@freshly_proven(back="audit.export_form")
def revoke_token(uow: UnitOfWork, audit_feed_token_id: UUID) -> BaseResponse:
    audit_feed.revoke(uow, audit_feed_token_id)
    flash(_("The token is revoked. Requests with it are refused from now on."), "success")
    return redirect(url_for("audit.export_form", _anchor="feed"), 303)


def _refused(uow: UnitOfWork, refusal: Refusal) -> BaseResponse:
    """The page again, with the filter that was sent and the sentence at the kinds."""
    shown = _shown(uow, TokenForm(formdata=None), request.form) | {"export": ExportForm()}
    put_refusal(shown["export"], refusal)
    return form_answer("audit/export.html", **shown)


def _streamed(uow: UnitOfWork, extract: Extract, kind: str) -> Iterator[bytes]:
    """Reads in a transaction of its own: the one of the request is over before the first line leaves."""
    with open_session(company_id=uow.company.id) as session:
        yield from audit_files.written(
            replace(uow, session=session, events=[], before_commit=[], undo=[]), extract, kind
        )


def _shown(uow: UnitOfWork, form: TokenForm, given: MultiDict[str, str] | None = None) -> dict[str, Any]:
    given = request.args if given is None else given
    asked = read(uow, given)
    return {
        "form": form,
        "asked": asked,
        "filter": _filter(given),
        "export": ExportForm(formdata=None),
        "tokens": audit_feed.list_live(uow),
        "most_tokens": audit_feed.MOST_TOKENS,
        "url": _feed_url(uow),
        "anchors": audit_anchors.latest(uow),
        "files": audit_exports.list_own(uow),
        "most_at_once": format_decimal(audit_exports.MOST_AT_ONCE),
        "privacy_words": privacy_words,
    }


def _correct(given: MultiDict[str, str]) -> BaseResponse:
    """To the page of the log, which says what is wrong with the filter."""
    return redirect(f"{url_for('audit.index')}?{urlencode(_filter(given))}", 303)


def _filter(given: MultiDict[str, str]) -> dict[str, str]:
    return {name: given[name] for name in FIELDS if given.get(name)}


def _feed_url(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/audit/feed"
