"""The month that an address asks for."""

from __future__ import annotations

from flask import request

from portal.domain.months import Month
from portal.domain.refusals import Reason, Refusal


def asked_month() -> Month | None:
    """`?month=2026-06`, or None without it; a page that never was and never will be is not found."""
    text = request.args.get("month")
    if not text:
        return None
    try:
        month = Month.parse(text)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None
    if not 2000 <= month.year <= 2099:
        raise Refusal(Reason.NOT_FOUND)
    return month
