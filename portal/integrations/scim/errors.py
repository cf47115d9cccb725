"""A request that SCIM defines an error for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from scim2_models import Error, SCIMException

_LONGEST = 500


class ScimError(Exception):
    """The request cannot be understood or followed; the answer says why."""

    def __init__(self, status: int, detail: str, scim_type: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = " ".join(detail.split())[:_LONGEST]
        self.scim_type = scim_type


@contextmanager
def reported() -> Iterator[None]:
    """What scim2-models refuses becomes one ScimError, with the first thing that is wrong."""
    try:
        yield
    except ValidationError as errors:
        first = Error.from_validation_errors(errors)[0]
        raise ScimError(first.status or 400, first.detail or "", first.scim_type) from errors
    except SCIMException as error:
        raise ScimError(error.status, error.detail, error.scim_type or None) from error
    except RecursionError as error:
        raise ScimError(400, "The request is nested too deeply.", "invalidSyntax") from error


def error_body(status: int, detail: str, scim_type: str | None = None) -> dict[str, object]:
    """The error as the answer carries it."""
    body: dict[str, object] = Error(status=status, detail=detail, scim_type=scim_type).model_dump()
    return body
