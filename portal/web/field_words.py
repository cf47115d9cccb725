"""A company's own fields in the reader's language: kinds, who sees and edits a group, how long values stay, values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import LazyString, format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.custom_fields import FieldGroup, FieldKind, Retention
from portal.web.filters import day

KINDS: dict[FieldKind, LazyString] = {
    FieldKind.TEXT: _l("Text"),
    FieldKind.LONG_TEXT: _l("Long text"),
    FieldKind.NUMBER: _l("Number"),
    FieldKind.DATE: _l("Date"),
    FieldKind.CHOICE: _l("Choice from a list"),
    FieldKind.YES_NO: _l("Yes or no"),
}
GROUPS: dict[FieldGroup, LazyString] = {
    FieldGroup.WORK: _l("Work"),
    FieldGroup.CONTACT: _l("Contact"),
    FieldGroup.PRIVATE: _l("Private"),
    FieldGroup.CONTRACT: _l("Contract"),
    FieldGroup.SEALED: _l("Sealed"),
}
WHO_SEES: dict[FieldGroup, LazyString] = {
    FieldGroup.WORK: _l("Everybody sees it, HR edits it."),
    FieldGroup.CONTACT: _l("Everybody sees it, the person and HR edit it."),
    FieldGroup.PRIVATE: _l("The person and HR see and edit it."),
    FieldGroup.CONTRACT: _l("The person and HR see it, HR edits it."),
    FieldGroup.SEALED: _l("As contract, but encrypted, shown only on request, and every look is recorded."),
}
RETENTION: dict[Retention, LazyString] = {
    Retention.EMPLOYMENT: _l("30 days after the person left"),
    Retention.THREE_YEARS: _l("3 years after the person left"),
    Retention.TEN_YEARS: _l("10 years after the person left"),
}


def value_in_words(kind: FieldKind, value: str) -> str:
    """A stored value as people read it."""
    if not value:
        return ""
    match kind:
        case FieldKind.NUMBER:
            return format_decimal(Decimal(value))
        case FieldKind.DATE:
            return day(date.fromisoformat(value))
        case FieldKind.YES_NO:
            return _("yes") if value == "yes" else _("no")
    return value
