"""How dates, times, amounts and names are written for the reader. Knows nothing of HR rules."""

from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from flask import Flask, request
from flask_babel import format_date, format_decimal, get_locale, ngettext, pgettext

from portal.integrations.phone_numbers import readable
from portal.web.language import LANGUAGES, time_zone

_SIZES = (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000))
NAME_COLOURS = ("blue", "green", "orange", "purple", "teal", "pink", "yellow", "grey")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        date=day,
        day_month=day_month,
        datetime_local=datetime_local,
        weekday_date=weekday_date,
        time_of_day=time_of_day,
        hours=hours,
        days=days,
        file_size=file_size,
        initials=initials,
        phone_number=readable,
        name_colour=name_colour,
    )
    app.jinja_env.globals.update(
        theme=theme, language_tag=language_tag, languages=LANGUAGES, status_label=status_label
    )


def day(value: date) -> str:
    """A calendar date: 3 Aug 2026."""
    return _day(value, _language())


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    # Babel's plain English is American, and 3/8 means two days: the month is a word.
    return format_date(value, "d MMM y" if language == "en" else "medium", rebase=False)


def day_month(value: date) -> str:
    """A date inside a known year: 3 Aug; Czech writes short dates in figures: 3. 8."""
    pattern = {"cs": "d. M.", "de": "d. MMM"}.get(_language(), "d MMM")
    return format_date(value, pattern, rebase=False)


def weekday_date(value: date) -> str:
    """A near date with its day of the week: Monday, 3 August."""
    pattern = (
        "EEEE d. MMMM" if _language() == "cs" else "EEEE, d. MMMM" if _language() == "de" else "EEEE, d MMMM"
    )
    return format_date(value, pattern, rebase=False)


def datetime_local(moment: datetime, zone: str | None = None) -> str:
    """A moment on the person's own clock (or in `zone`): 3 Aug 2026, 14:05."""
    local = moment.astimezone(ZoneInfo(zone or time_zone()))
    return f"{day(local.date())}, {local:%H:%M}"


def time_of_day(moment: datetime) -> str:
    """A moment of today or nearly so, on the person's own clock: 14:05."""
    return f"{moment.astimezone(ZoneInfo(time_zone())):%H:%M}"


def hours(minutes: int) -> str:
    """Working time in hours and minutes: 450 is 7:30, -30 is −0:30."""
    whole, rest = divmod(abs(minutes), 60)
    return f"{'−' if minutes < 0 else ''}{whole}:{rest:02d}"


def days(thousandths: int) -> str:
    """Thousandths of a day in words: 2500 is "2.5 days", 1000 is "1 day"."""
    return _days(thousandths, _language())


@lru_cache(maxsize=4096)
def _days(thousandths: int, _language: str) -> str:
    """The same few amounts fill every list; each is put into words once per language."""
    amount = thousandths / 1000
    text = format_decimal(amount, "#,##0.###").replace("-", "−")
    if thousandths % 1000:
        # Languages that decline by number have a form of its own for fractions (Czech: 2,5 dne, but 5 dní).
        return pgettext("a number with a fraction", "%(amount)s days", amount=text)
    return ngettext("%(amount)s day", "%(amount)s days", abs(thousandths) // 1000, amount=text)


def file_size(count: int) -> str:
    """Bytes in the unit that fits: 8400 is "8.4 kB"."""
    unit, size = next(((unit, size) for unit, size in _SIZES if count >= size), ("B", 1))
    return f"{format_decimal(round(count / size, 1))} {unit}"


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """The first letters of the first and the last part of a name: Ana de Souza is AS."""
    parts = [part for part in name.split() if part[0].isalnum()]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


@lru_cache(maxsize=4096)
def name_colour(name: str) -> str:
    """A colour of the palette that stays the same for a name, on every page and in every process."""
    return NAME_COLOURS[sha256(name.encode()).digest()[0] % len(NAME_COLOURS)]


def theme() -> str:
    """The look that the person chose: "light", "dark", or "" for that of their system."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in ("light", "dark") else ""


def language_tag() -> str:
    return str(get_locale() or "en").replace("_", "-")


def status_label(status: str) -> str:
    """The word for a status where the caller has none."""
    return str(status).replace("_", " ").replace("-", " ").capitalize()


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"
