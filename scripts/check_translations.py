"""Fails when a catalogue lacks a text, keeps an old one, is unsure of one, or would break a page."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from scripts import catalogues

SHOWN = 30


def main() -> None:
    source = catalogues.source()
    if not len(source):
        sys.exit("Translations: no text was found in the code; see babel.cfg.")
    faults = [fault for language in catalogues.LANGUAGES for fault in _faults(language, source)]
    for fault in faults[:SHOWN]:
        print(fault)
    if faults:
        more = f", {len(faults) - SHOWN} more not shown" if len(faults) > SHOWN else ""
        sys.exit(
            f"Translations: {len(faults)} faults{more}. Run `make translations`, then edit the catalogues."
        )
    print(f"Translations: {len(source)} texts, complete in {' and '.join(catalogues.LANGUAGES)}.")


def _faults(language: str, source: Catalog) -> Iterator[str]:
    file = catalogues.file_of(language)
    if not file.exists():
        yield f"{language}: there is no catalogue: {file.relative_to(catalogues.PROJECT)}"
        return
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    wanted = {_key(message): message for message in source if message.id}
    kept = {_key(message): message for message in catalogue if message.id}
    for key in kept.keys() - wanted.keys():
        yield f"{language}: no longer in the code: {_shown(kept[key])}"
    for key, original in wanted.items():
        if key not in kept:
            yield f"{language}: missing: {_shown(original)}"
        elif fault := _fault(kept[key], catalogue.num_plurals):
            yield f"{language}: {fault}: {_shown(original)}"


def _fault(message: Message, plurals: int) -> str | None:
    """What is wrong with one translation."""
    singular, *plural = _forms(message.id)
    forms = _forms(message.string)
    if message.fuzzy:
        return "marked fuzzy"
    if not all(form.strip() for form in forms) or len(forms) != (plurals if plural else 1):
        return "not translated in every form"
    if not plural and catalogues.placeholders(forms[0]) != catalogues.placeholders(singular):
        return "other placeholders than the original"
    # A form for one may say the number in words, so a plural may leave placeholders out, never invent them.
    allowed = catalogues.placeholders(" ".join([singular, *plural]))
    if any(not catalogues.placeholders(form) <= allowed for form in forms):
        return "placeholders that the original lacks"
    return None


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ("",))


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _forms(message.id)[0]


def _shown(message: Message) -> str:
    return repr(_forms(message.id)[0])


if __name__ == "__main__":
    main()
