"""Values of the audit log as people write them: days, times, amounts and names, and nothing that could deceive."""

from __future__ import annotations

import hashlib
import json
import ssl
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from portal.domain.permissions import Permission, Reach
from portal.services.audit_names import Named, Names
from portal.services.audit_values import Kind
from portal.web.absence_words import weekday
from portal.web.filters import datetime_local, day, days, file_size, hours
from portal.web.language import LANGUAGES
from portal.web.permission_words import PERMISSIONS, REACHES
from portal.web.role_words import ROLES, role_label

NOTHING = "–"
_LONGEST = 600
_MARK_LENGTH = 12
#: Signs that join letters and pictures; without them some names cannot be written.
_JOINERS = {"\u200c", "\u200d"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_NAMED = {"\t": "TAB", "\n": "LF", "\r": "CR"}
_A_MONDAY = date(2024, 1, 1)


def visible(value: Any) -> str:
    """Text on one line that hides nothing: line breaks, control and direction signs are seen as what they are."""
    text = str(value)
    shown = text if text.isascii() and text.isprintable() else "".join(map(_sign, text))
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _sign(sign: str) -> str:
    if sign in _NAMED:
        return f"⟨{_NAMED[sign]}⟩"
    hidden = unicodedata.category(sign) in _HIDDEN and sign not in _JOINERS
    return f"⟨U+{ord(sign):04X}⟩" if hidden else sign


def written(kind: Kind, value: Any, *, names: Names, table: str = "") -> str:
    """The value as the reader writes it; one that is not what its kind says is shown as it is."""
    if value is None or value in ("", []):
        return NOTHING
    if kind is Kind.REFERENCE:
        return _reference(value, names, table)
    try:
        return visible(_WRITERS[kind](value)) if kind in _WRITERS else _plain(value)
    except (ValueError, TypeError, KeyError, OverflowError):
        return _plain(value)


def called(named: Named) -> str:
    """A row by its name: built-in ones in the reader's language."""
    if named.table in {"role", "role_grant"}:
        return visible(role_label(named.key, named.text))
    if named.table == "absence_type" and named.key == "vacation":
        return _("Vacation")
    if named.table == "roster" and named.first:
        return visible(_("%(team)s, %(month)s", team=named.text, month=_month(named.first)))
    if named.table == "absence" and named.first:
        return visible(f"{named.person}, {day(named.first)}")
    return visible(named.text or named.person)


def _reference(value: Any, names: Names, table: str) -> str:
    if table == "absence_type" and not names.may_see_absence_types:
        return _("hidden: only those who may see absences read it")
    named = names.find(table, value)
    return called(named) if named is not None else _("no longer exists")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _flag(value)
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or NOTHING
    if isinstance(value, dict):
        return visible(json.dumps(value, ensure_ascii=False))
    return visible(value)


def _flag(value: Any) -> str:
    return _("yes") if value else _("no")


def _month(value: date) -> str:
    return str(format_skeleton("yMMMM", value, locale=get_locale()))


def _clock(minute: int) -> str:
    """Minutes from midnight as a time; beyond 24:00 it is the next day's."""
    text = f"{minute // 60 % 24:02d}:{minute % 60:02d}"
    return _("%(time)s on the next day", time=text) if minute >= 24 * 60 else text


def _span(value: str) -> str:
    start, end = (datetime.fromisoformat(part.strip('"')) for part in value.strip("[]()").split(","))
    first, last = (
        datetime_local(one) if one.tzinfo else f"{day(one.date())}, {one:%H:%M}" for one in (start, end)
    )
    return f"{first} – {last.rpartition(', ')[2] if start.date() == end.date() else last}"


def _week(minutes: list[int]) -> str:
    """The working days of a week, or of several: Mon 8:00, Tue 8:00 / Mon 8:00."""
    weeks = [minutes[at : at + 7] for at in range(0, len(minutes), 7)]
    return " / ".join(_days_of(week) for week in weeks) or NOTHING


def _days_of(week: list[int]) -> str:
    named = ((weekday(_A_MONDAY.replace(day=place + 1)), one) for place, one in enumerate(week))
    return ", ".join(f"{name} {hours(one)}" for name, one in named if one) or NOTHING


def _grants(text: str) -> str:
    """What a role allows: See absences (own team), Plan shifts (own site)."""
    pairs = (pair.split("=", 1) for pair in text.split(", "))
    known = ((Permission(name), Reach(reach)) for name, reach in pairs)
    return ", ".join(f"{PERMISSIONS[permission]} ({REACHES[reach]})" for permission, reach in known)


def _country(code: str) -> str:
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def _number(value: Any) -> str:
    """With the separators of the reader's language."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return str(format_decimal(value))


def _certificates(several: list[str]) -> str:
    """Each by the thumbprint that the provider's own pages show."""
    marks = (hashlib.sha256(ssl.PEM_cert_to_DER_cert(one)).digest().hex(":").upper() for one in several)
    return ", ".join(marks)


def _mark(value: str) -> str:
    return value if len(value) <= _MARK_LENGTH else f"{value[:_MARK_LENGTH]}…"


_WRITERS: dict[Kind, Callable[[Any], str]] = {
    Kind.DATE: lambda value: day(date.fromisoformat(value)),
    Kind.MOMENT: lambda value: datetime_local(datetime.fromisoformat(value)),
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.SPAN: _span,
    Kind.MINUTES: hours,
    Kind.CLOCK: _clock,
    Kind.DAYS: days,
    Kind.BYTES: file_size,
    Kind.WEEK: _week,
    Kind.GRANTS: _grants,
    Kind.LANGUAGE: lambda value: LANGUAGES[value],
    Kind.COUNTRY: _country,
    Kind.MARK: _mark,
    Kind.CERTIFICATES: _certificates,
    Kind.ROLE: lambda value: str(ROLES.get(value, value)),
}
