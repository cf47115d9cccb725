"""Logs: JSON lines in production, plain lines otherwise; who asked for what, without names, tokens or bodies."""

from __future__ import annotations

import logging
import sys
import time

from flask import Flask, Response, current_app, g, request
from pythonjsonlogger.json import JsonFormatter

_LOG = logging.getLogger("portal.requests")
_QUIET = {"serve", "healthz", "readyz", "static"}


def init_app(app: Flask) -> None:
    _configure(json_lines=app.extensions["staffroom"].settings.production)
    app.before_request(_start_watch)
    app.after_request(_log_request)


def _configure(*, json_lines: bool) -> None:
    root = logging.getLogger("portal")
    if root.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(
        JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s") if json_lines else plain
    )
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def _start_watch() -> None:
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    """The rule instead of the path: addresses may hold ids and tokens, logs must not."""
    if request.endpoint in _QUIET or not current_app.extensions["staffroom"].settings.production:
        return response
    _LOG.info(
        "request",
        extra={
            "request_id": g.get("request_id"),
            "method": request.method,
            "rule": str(request.url_rule) if request.url_rule else None,
            "company": g.get("company_slug"),
            "session": _session(),
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        },
    )
    return response


def _session() -> str | None:
    """The id of the session, which opens nothing: after a leak it leads from a request to whose it was."""
    uow = g.get("uow")
    found = uow.request.session_id if uow is not None else None
    return str(found) if found else None
