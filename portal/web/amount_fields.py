"""A form field for amounts of time off: days as a number, hours as people write them; both in the ledger's unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import ValidationError

from portal.domain.absence_costs import CountingMethod

MOST_DAYS, MOST_HOURS = 366, 6000
#: No longer text is an amount: a number of a million digits is never read.
_LONGEST = 12
_DAYS = re.compile(r"-?(\d{1,3}(\.\d{1,3})?|\.\d{1,3})")
_CLOCK = re.compile(r"-?(\d{1,4}):([0-5]\d)")
_HOURS = re.compile(r"-?(\d{1,4}(\.\d{1,6})?|\.\d{1,6})")


class AmountField(StringField):
    """`2.5` or `2,5` days; `7:30`, `7.5` or `7,5` hours: the form's `counting` says which.

    What is typed stays as it is; `amount` is in thousandths of a day or in minutes once the form is
    validated, None when empty.
    """

    amount: int | None = None

    def __init__(self, *args: Any, signed: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.signed = signed

    def pre_validate(self, form: Form) -> None:
        text = (self.data or "").strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
        self.amount = None
        if not text:
            return
        in_hours = form.counting is CountingMethod.HOURS
        found = None if len(text) > _LONGEST else _minutes(text) if in_hours else _thousandths(text)
        if found is None or (found < 0 and not self.signed):
            raise ValidationError(_WRONG_HOURS if in_hours else _WRONG_DAYS)
        self.amount = found


_WRONG_DAYS = _l("A number of days up to 366, with at most three digits after the point.")
_WRONG_HOURS = _l("Hours up to 6000, such as 7:30 or 7.5, in whole minutes.")


def amount_text(amount: int | None, counting: CountingMethod) -> str:
    """As the field takes it: 2.5; 7:30, or 8 for whole hours."""
    if amount is None:
        return ""
    if counting is CountingMethod.DAYS:
        return f"{Decimal(amount) / 1000:f}"
    whole, rest = divmod(abs(amount), 60)
    return f"{'-' if amount < 0 else ''}{whole}{f':{rest:02d}' if rest else ''}"


def _thousandths(text: str) -> int | None:
    if not _DAYS.fullmatch(text):
        return None
    found = int(Decimal(text) * 1000)
    return found if abs(found) <= MOST_DAYS * 1000 else None


def _minutes(text: str) -> int | None:
    if clock := _CLOCK.fullmatch(text):
        found = int(clock[1]) * 60 + int(clock[2])
    elif _HOURS.fullmatch(text):
        exact = abs(Decimal(text)) * 60
        if exact % 1:
            return None
        found = int(exact)
    else:
        return None
    return None if found > MOST_HOURS * 60 else -found if text.startswith("-") else found
