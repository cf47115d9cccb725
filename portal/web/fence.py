"""While the data are damaged nothing is written: a write is refused with a page that says so, and reading goes on."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _

from portal.integrations.fence import Fence
from portal.web.errors import error_page

_READING = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    app.before_request(_refuse_writes)
    app.jinja_env.globals["fenced"] = lambda: _fence().stands


def _refuse_writes() -> Response | None:
    if request.method in _READING or not _fence().stands:
        return None
    explanation = _(
        "The portal found damage in its data and keeps everything as it is until that is mended. "
        "Nothing of this step was saved."
    )
    answer = error_page(503, explanation)
    answer.headers["Retry-After"] = "600"
    return answer


def _fence() -> Fence:
    fence: Fence = current_app.extensions["staffroom"].fence
    return fence
