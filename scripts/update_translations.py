"""Brings new and changed texts into the catalogues and compiles them; a person fills in the translations."""

from __future__ import annotations

import tempfile
from pathlib import Path

from scripts import catalogues


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        catalogues.extract(template)
        for language in catalogues.LANGUAGES:
            _bring_up_to_date(language, template)
    catalogues.pybabel("compile", "-d", catalogues.TRANSLATIONS)


def _bring_up_to_date(language: str, template: Path) -> None:
    file = catalogues.file_of(language)
    where = ("-i", template, "-l", language, "-o", file)
    if not file.exists():
        file.parent.mkdir(parents=True)
        catalogues.pybabel("init", *where)
        return
    # No guesses by likeness: a wrong guess in a permission or a payroll text is worse than a gap.
    catalogues.pybabel(
        "update", *where, "--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"
    )


if __name__ == "__main__":
    main()
