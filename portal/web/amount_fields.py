"""A form field for amounts of time off: days as a number, hours as people write them; both in the ledger's unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
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
    """`2.5` or `2,5` days; `7:30`, `7.5` or `7,5` hours: the form's `counting` says which, itself or as its field.

    Not negative unless `signed`, and with `zero=False` more than nothing; `at_zero` then says what else to do. What is
    typed stays as it is; `amount` is in thousandths of a day or in minutes once the form is validated, None when empty.
    """

    amount: int | None = None

    def __init__(
        self,
        *args: Any,
        signed: bool = False,
        zero: bool = True,
        at_zero: LazyString | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.signed = signed
        self.zero = zero
        self.at_zero = at_zero

    def pre_validate(self, form: Form) -> None:
        text = _plain(self.data or "")
        self.amount = None
        if not text:
            return
        in_hours = getattr(form.counting, "data", form.counting) == CountingMethod.HOURS
        found = minutes_of(text) if in_hours else _thousandths(text)
        if found is None or (found < 0 and not self.signed) or (found == 0 and not self.zero):
            wrong = self._wrong(in_hours=in_hours)
            if found == 0 and self.at_zero is not None:
                raise ValidationError(f"{wrong} {self.at_zero}")
            if not in_hours and hasattr(form.counting, "data"):
                wrong = _l(
                    "%(in_days)s For hours, choose above that the type counts in hours.", in_days=wrong
                )
            raise ValidationError(wrong)
        self.amount = found

    def _wrong(self, *, in_hours: bool) -> LazyString:
        """Between which bounds it has to be, and how it is written."""
        days, hours = _SIGNED if self.signed else _NOT_NEGATIVE if self.zero else _POSITIVE
        return hours if in_hours else days


_SIGNED = (
    _l("A number of days from −366 to 366, with at most three digits after the point."),
    _l("Hours from −6000 to 6000, such as 7:30 or 7.5, in whole minutes."),
)
_NOT_NEGATIVE = (
    _l("A number of days from 0 to 366, with at most three digits after the point."),
    _l("Hours from 0 to 6000, such as 7:30 or 7.5, in whole minutes."),
)
_POSITIVE = (
    _l("A number of days above 0 and up to 366, with at most three digits after the point."),
    _l("Hours above 0 and up to 6000, such as 7:30 or 7.5, in whole minutes."),
)


def amount_text(amount: int | None, counting: CountingMethod) -> str:
    """As the field takes it: 2.5; 7:30, or 8 for whole hours."""
    if amount is None:
        return ""
    if counting is CountingMethod.DAYS:
        return f"{Decimal(amount) / 1000:f}"
    whole, rest = divmod(abs(amount), 60)
    return f"{'-' if amount < 0 else ''}{whole}{f':{rest:02d}' if rest else ''}"


def minutes_of(text: str) -> int | None:
    """`2:30`, `2.5` or `2,5` hours; None: neither, or no whole minutes. What people mean by 2.33 is theirs to say."""
    text = _plain(text)
    if len(text) > _LONGEST:
        return None
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


def _plain(text: str) -> str:
    return text.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")


def _thousandths(text: str) -> int | None:
    if len(text) > _LONGEST or not _DAYS.fullmatch(text):
        return None
    found = int(Decimal(text) * 1000)
    return found if abs(found) <= MOST_DAYS * 1000 else None
