"""Errors below a company's SCIM address: JSON as RFC 7644 wants it, whatever went wrong."""

from __future__ import annotations

import json
import re

from flask import Response, request

from portal.domain.refusals import Reason
from portal.integrations.scim.answers import MIME
from portal.integrations.scim.errors import ScimError, error_body

_ADDRESS = re.compile(r"/c/[^/]+/scim(/|$)")
_TAKEN = {Reason.EMAIL_TAKEN, Reason.EMPLOYEE_NUMBER_TAKEN, Reason.SCIM_GROUP_TAKEN}
_OF_A_VALUE = {
    Reason.EMAIL_INVALID,
    Reason.MANAGER_CYCLE,
    Reason.MISSING,
    Reason.SCIM_MEMBER_UNKNOWN,
    Reason.TEXT_UNUSABLE,
    Reason.TOO_LONG,
}
_GENERAL = {
    400: "The request cannot be understood.",
    403: "This is not allowed.",
    404: "Nothing is here, or it was deleted.",
    405: "This address does not take this method.",
    409: "Somebody changed this at the same moment. Send the request again.",
    413: "The request is too large.",
    415: "Send JSON: application/scim+json.",
    503: "The portal cannot answer now. Send the request again later.",
}


def is_asked() -> bool:
    """Whether the request is for a SCIM service."""
    return _ADDRESS.match(request.path) is not None


def answer(status: int, detail: str | None = None, scim_type: str | None = None) -> Response:
    """The error with its sentence; without one, the general one of its status."""
    said = detail or _GENERAL.get(status, "Something went wrong here. Nothing was changed.")
    return Response(json.dumps(error_body(status, said, scim_type)), status, content_type=MIME)


def refused(reason: Reason, field: str | None, status: int, sentence: str) -> Response:
    """A rule's refusal, in the words and with the keyword that directories know."""
    said = f"{field}: {sentence}" if field else sentence
    if reason in _TAKEN:
        return answer(409, said, "uniqueness")
    if reason in _OF_A_VALUE:
        return answer(400, said, "invalidValue")
    if reason is Reason.EMAIL_ABOVE_OWN:
        return answer(403, said)
    return answer(400 if status == 422 else status, said if status != 404 else None)


def wait(seconds: int) -> Response:
    """Too many requests."""
    response = answer(429, f"Too many requests. Send the next one in {seconds} seconds.")
    response.headers["Retry-After"] = str(seconds)
    return response


def misunderstood(error: ScimError) -> Response:
    """A request that the standard defines an error for."""
    return answer(error.status, error.detail, error.scim_type)
