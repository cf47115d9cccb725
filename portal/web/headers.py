"""What every answer carries: the content security policy and its companions; and where a write may come from."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask, Response, abort, current_app, g, request

from portal.web import cross_site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: A file that people uploaded is never a page of ours.
FILE_POLICY = "sandbox; default-src 'none'"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    app.before_request(_name_request)
    app.before_request(_refuse_foreign_writes)
    app.before_request(_refuse_broken_text)
    app.after_request(_add_headers)


def _name_request() -> None:
    g.request_id = uuid4().hex


def _refuse_foreign_writes() -> None:
    """Depth behind the form token: browsers say where a write comes from, and ours come from here."""
    if request.method in _SAFE_METHODS or cross_site.is_expected():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # Decides alone: under Referrer-Policy no-referrer a browser sends `Origin: null` with our own forms.
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin.rstrip("/") != request.host_url.rstrip("/"):
        abort(403)


def _refuse_broken_text() -> None:
    """A zero character is in no text that people type, and the database could keep none."""
    several = (*request.args.listvalues(), *request.form.listvalues(), [request.path])
    if any("\0" in text for texts in several for text in texts):
        abort(400)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["X-Request-ID"] = g.get("request_id", "")
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    if current_app.extensions["staffroom"].settings.url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains; preload"
    return response
