"""Pages by a name that people know, where the audit log tells of an address that somebody opened."""

from __future__ import annotations

import re

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Addresses within a company; * stands for an id. What is not listed is shown as it is.
_PAGES: dict[str, LazyString] = {
    "absences/*": _l("A person's absence"),
    "calendar": _l("Calendar"),
    "documents/*": _l("A document"),
    "documents/manage": _l("Documents"),
    "people": _l("People"),
    "people/*": _l("The page of a person"),
    "people/*/edit": _l("The form of a person"),
    "people/*/ledger": _l("The balances of a person"),
    "people/*/phone-views": _l("The phone number of a person"),
    "rosters": _l("Roster"),
    "rosters/*": _l("A roster"),
    "settings": _l("Settings"),
}


def page_name(path: str) -> str:
    """The page of a person (people/0a1b2c3d…): the name, and enough of the address to tell two apart."""
    found = _PAGES.get(_ID.sub("*", path))
    short = _ID.sub(lambda one: f"{one[0][:8]}…", path)
    return _("%(page)s (%(address)s)", page=found, address=short) if found is not None else path
