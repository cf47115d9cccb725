"""How single settings are read from the environment: each is what it should be, or the start stops with its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from portal.integrations.signatures import is_public_key
from portal.setting_error import SettingError
from portal.version import VERSION


def version(environ: Mapping[str, str]) -> str:
    """Stands in every event of the audit log, which takes no blanks."""
    given = environ.get("STAFFROOM_VERSION") or VERSION
    if not all("!" <= sign <= "~" for sign in given):
        raise SettingError("STAFFROOM_VERSION", "must have no blanks, such as 1.4.2 or 2026-11-22-a1b2c3")
    return given


def database_url(environ: Mapping[str, str], name: str) -> str | None:
    given = environ.get(name)
    if not given:
        if name != "DATABASE_URL" or not environ.get("DATABASE_OWNER_URL"):
            return None
        raise SettingError(name, "is missing beside DATABASE_OWNER_URL")
    scheme, separator, rest = given.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise SettingError(name, "must start with postgresql://")
    return f"postgresql+psycopg://{rest}"


def is_checked(url: str) -> bool:
    """Whether the server has to show a certificate that is checked."""
    return parse_qs(urlsplit(url).query).get("sslmode", [""])[-1] in {"verify-full", "verify-ca"}


def folder(environ: Mapping[str, str], name: str) -> Path | None:
    given = environ.get(name)
    if given and not Path(given).is_absolute():
        raise SettingError(name, "must be the whole path of a folder, such as /var/lib/staffroom/erasures")
    return Path(given) if given else None


def smtp_url(environ: Mapping[str, str]) -> str | None:
    given = environ.get("STAFFROOM_SMTP_URL") or None
    if given is not None and urlsplit(given).scheme not in {"smtp", "smtps"}:
        raise SettingError(
            "STAFFROOM_SMTP_URL", "must look like smtp://user@mail.example.com:587 (STARTTLS) or smtps://"
        )
    return given


def switch(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = environ.get(name)
    if not given:
        return default
    if given not in {"on", "off"}:
        raise SettingError(name, "must be on or off")
    return given == "on"


def whole_number(environ: Mapping[str, str], name: str, *, default: int = 0) -> int:
    given = environ.get(name) or str(default)
    if not given.isascii() or not given.isdigit():
        raise SettingError(name, "must be a whole number")
    return int(given)


def countries(environ: Mapping[str, str], *, default: tuple[str, ...]) -> tuple[str, ...]:
    given = environ.get("STAFFROOM_SMS_COUNTRIES")
    if not given:
        return default
    found = tuple(part.strip().upper() for part in given.split(","))
    if not all(len(country) == 2 and country.isalpha() for country in found):
        raise SettingError(
            "STAFFROOM_SMS_COUNTRIES", "must be two-letter country codes with commas, such as CZ,SK,DE"
        )
    return found


def public_keys(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())
    if not all(is_public_key(key) for key in found):
        raise SettingError(name, "must be what `flask company signing-key` prints at the issuer, with commas")
    return found
