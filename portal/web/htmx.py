"""All that depends on htmx's headers: which answer a form gets, redirects, caching, htmx's settings.

Handlers ask these functions; nothing else in the portal reads or writes an HX- header.
"""

import json

from flask import Flask, Response, make_response, redirect, render_template, request
from htmx_flask import Htmx

HTMX = Htmx()

# Answers that htmx does not put into the page: every error but a form sent back (422) and a state that
# someone else has changed (409). portal.js says what the error page says.
_UNSWAPPED = (400, 401, 402, 403, 404, 405, 406, 408, 410, "41x", 421, 428, 429, 431, 451, "5xx")
# The browser's side, in a <meta> of base.html. Going back loads the page anew, as after a sign-out it must.
CONFIG: dict[str, object] = {
    "history": "reload",
    "mode": "same-origin",
    "implicitInheritance": False,
    "includeIndicatorCSS": False,
    "extensions": "none",
    "noSwap": [204, 304, *_UNSWAPPED],
}


def init_app(app: Flask) -> None:
    HTMX.init_app(app)
    app.after_request(_vary)
    app.jinja_env.globals["htmx_config"] = lambda: json.dumps(CONFIG, separators=(",", ":"))


def wants_fragment() -> bool:
    """Whether htmx will swap a part of the page. Boosted links and the Back button want whole pages."""
    htmx = request.htmx  # type: ignore[attr-defined]  # from the request class of htmx-flask
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def fragment_or_redirect(template: str, location: str, **context: object) -> Response:
    """After a good write: the changed regions (`on_<event>.html`) for htmx, else 303 to the page."""
    if wants_fragment():
        return make_response(render_template(template, **context))
    return make_response(redirect(location, code=303))


def form_answer(template: str, **context: object) -> Response:
    """After a form that cannot be accepted: 422 with the form, its errors beside the fields."""
    return make_response(render_template(template, **context), 422)


def redirect_everywhere(location: str) -> Response:
    """Move the whole window. A 303 would be followed inside htmx's request and swapped into the page."""
    if not wants_fragment():
        return make_response(redirect(location, code=303))
    response = make_response("", 204)
    response.headers["HX-Redirect"] = location
    return response


def _vary(response: Response) -> Response:
    response.vary.add("HX-Request")
    return response
