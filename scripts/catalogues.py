"""The texts of the portal and where their translations lie; shared by the two scripts that handle them."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

PROJECT = Path(__file__).resolve().parent.parent
TRANSLATIONS = PROJECT / "portal" / "translations"
LANGUAGES = ("cs", "de")
#: Beside Babel's own (_, gettext, ngettext, pgettext, ...): the ones of Flask-Babel that wait for the reader.
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]")


def pybabel(*words: str | Path) -> None:
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *map(str, words)]
    subprocess.run(command, check=True, cwd=PROJECT)


def extract(template: Path) -> None:
    """Writes every text in the code and the templates into a template catalogue."""
    keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    tags = ["--add-comments", "Translators:", "--no-location", "--sort-output", "--project", "Staffroom"]
    pybabel("extract", "-F", "babel.cfg", *keywords, *tags, "-o", template, "portal")


def source() -> Catalog:
    """The texts as they stand in the code now."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        with template.open("rb") as file:
            return read_po(file)


def file_of(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def placeholders(text: str) -> set[str]:
    """The names in %(name)s; a translation with others would fail when the page is shown."""
    return set(PLACEHOLDER.findall(text))
