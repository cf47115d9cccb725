"""Turns exceptions into pages in the portal's look, with a request id that support can search for.

Nothing of an exception's text reaches the visitor; refusals of rules have sentences of their own.
"""

from __future__ import annotations

import logging
import traceback

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from portal.domain.refusals import Reason, Refusal
from portal.integrations.keys import KeysUnavailable
from portal.integrations.scim.errors import ScimError
from portal.integrations.storage import StorageFull, StorageUnavailable
from portal.services.backups import damage
from portal.web import scim_errors
from portal.web.refusals import sentence

_LOG = logging.getLogger("portal.errors")
#: PostgreSQL: exclusion, unique, serialization, deadlock. Somebody else was faster; asking again helps.
_CONFLICTS = {"23P01", "23505", "40001", "40P01"}
_PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507}
_STATUS = {
    Reason.NOT_FOUND: 404,
    Reason.COLUMN_NOT_ALLOWED: 400,
    Reason.REPORT_DAY: 400,
    Reason.NOT_PERMITTED: 403,
    Reason.OWN_REQUEST: 403,
    Reason.GRANT_ABOVE_OWN: 403,
    Reason.ALREADY_DECIDED: 409,
    Reason.CHANGED_MEANWHILE: 409,
    Reason.ROUND_CLOSED: 409,
    Reason.CANCEL_NEEDS_APPROVAL: 403,
    Reason.COMPANY_ERASED: 410,
    Reason.PAYMENTS_UNAVAILABLE: 503,
    Reason.COMPANY_HELD: 403,
    Reason.FILE_HELD_INFECTED: 409,
    Reason.FILE_NOT_SCANNED: 503,
    Reason.FILE_QUARANTINED: 409,
    Reason.INCIDENT_CLOSED: 409,
    Reason.INCIDENT_NO_REPORT: 409,
    Reason.INCIDENT_UNTOLD: 409,
    Reason.COMPANY_READ_ONLY: 403,
    Reason.CLOSING_NEEDS_ADMIN: 403,
    Reason.IMPORT_CHANGED_SINCE: 409,
    Reason.IMPORT_PAST_UNDO: 409,
    Reason.CHANGE_PAST_UNDO: 409,
    Reason.NOT_ALL_POSSIBLE: 409,
    Reason.NOTHING_TO_CHANGE: 409,
    Reason.LAST_ADMIN: 409,
    Reason.LAST_HR: 409,
    Reason.ROLE_BUILT_IN: 403,
    Reason.VIEWING_CHANGES_NOTHING: 403,
    Reason.VIEWING_OVER: 403,
    Reason.ABSENCE_OVERLAPS: 409,
    Reason.SHIFT_OVERLAPS: 409,
    Reason.SHIFT_OVERLAPS_PUBLISHED: 409,
    Reason.TOO_MANY_ATTEMPTS: 429,
    Reason.CODE_SENT_TOO_OFTEN: 429,
    Reason.CODES_STOPPED: 429,
    Reason.OPERATOR_SIGN_IN_OLD: 403,
    Reason.PROVIDER_UNAVAILABLE: 503,
    Reason.SSO_BREAK_GLASS_KEPT: 409,
    Reason.SSO_CANCELLED: 400,
    Reason.SSO_LAST_PROVIDER: 409,
    Reason.SSO_NOT_ADMITTED: 403,
    Reason.SSO_NOT_GENUINE: 403,
    Reason.SSO_NAME_TAKEN: 409,
    Reason.SSO_TRIP_OVER: 400,
    Reason.SSO_UNAVAILABLE: 503,
    Reason.SUPPORT_MOVED_ON: 409,
    Reason.SUPPORT_NOT_OPEN: 403,
    Reason.SUPPORT_ONLY_LOOKS: 403,
    Reason.SUPPORT_OVER: 403,
    Reason.SUPPORT_SAME_PERSON: 403,
    Reason.SUPPORT_SEALED: 403,
}
_VIEWING = {Reason.VIEWING_CHANGES_NOTHING, Reason.VIEWING_OVER}

_OF_THE_LICENCE = {Reason.COMPANY_ERASED, Reason.COMPANY_READ_ONLY}


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(ScimError, scim_errors.misunderstood)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(NoConnectionFree, _too_busy)
    app.register_error_handler(StorageFull, lambda _error: error_page(507))
    app.register_error_handler(StorageUnavailable, _storage)
    app.register_error_handler(KeysUnavailable, _keys)
    app.register_error_handler(Exception, _unexpected)


def _storage(error: StorageUnavailable) -> Response:
    _LOG.error("the place of the files: %s", error)
    return error_page(503)


def _keys(error: KeysUnavailable) -> Response:
    """The rest of the portal works: only what has to be sealed or opened waits."""
    _LOG.error("the key service does not answer: %s", error)
    answer = error_page(503, sentence(Refusal(Reason.KEYS_UNAVAILABLE)))
    answer.headers["Retry-After"] = "60"
    return answer


def error_page(status: int, explanation: str | None = None, *, template: str | None = None) -> Response:
    """The page of this status; `explanation` replaces its general sentence. Directories get JSON."""
    if scim_errors.is_asked():
        return scim_errors.answer(status, explanation)
    template = template or f"errors/{status if status in _PAGES else 400 if status < 500 else 500}.html"
    body = render_template(template, request_id=g.get("request_id", ""), explanation=explanation)
    return make_response(body, status)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    answer = error_page(error.code or 500)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _forged(_error: CSRFError) -> Response:
    return error_page(403, sentence(Refusal(Reason.FORM_EXPIRED)))


def status_of(refusal: Refusal) -> int:
    """The status that a rule's refusal is answered with."""
    return _STATUS.get(refusal.reason, 422)


def _refused(refusal: Refusal) -> Response:
    status = status_of(refusal)
    if scim_errors.is_asked():
        return scim_errors.refused(refusal.reason, refusal.field, status, sentence(refusal))
    if refusal.reason in _VIEWING:
        return error_page(status, sentence(refusal), template="errors/viewing.html")
    if refusal.reason in _OF_THE_LICENCE:
        return error_page(status, sentence(refusal), template="errors/licence.html")
    return error_page(status, None if status == 404 else sentence(refusal))


def _database(error: DBAPIError) -> Response:
    if _sqlstate(error) in _CONFLICTS:
        return error_page(409)
    staffroom = current_app.extensions["staffroom"]
    if damage.stops_writing(error, staffroom.fence, at=staffroom.clock.now()):
        return error_page(500)
    if isinstance(error, OperationalError) or error.connection_invalidated:
        _LOG.error("database out of reach: %s", type(error.orig).__name__)
        return _try_again()
    return _unexpected(error)


def _too_busy(error: NoConnectionFree) -> Response:
    """More requests at once than there are connections, for as long as one waits for them."""
    _LOG.error("no connection to the database was free: %s", error)
    return _try_again()


def _try_again() -> Response:
    answer = error_page(503)
    answer.headers["Retry-After"] = "10"
    return answer


def _unexpected(error: Exception) -> Response:
    if isinstance(error, DBAPIError):
        # The database quotes the row that it refused: the log gets the place and the kind, without the values.
        place = "".join(traceback.format_tb(error.__traceback__))
        _LOG.error("unexpected database error: %s %s\n%s", type(error.orig).__name__, _sqlstate(error), place)
    else:
        _LOG.error("unexpected error", exc_info=error)
    return error_page(500)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
