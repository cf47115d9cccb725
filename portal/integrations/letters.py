"""Writes the letters the portal sends, mail and SMS, from their templates in the receiver's language.

It decides nothing about who gets which letter; it knows neither Flask nor a request.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from babel.support import Translations
from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    select_autoescape,
)

from portal.integrations.gsm_text import to_gsm

PORTAL = Path(__file__).resolve().parent.parent
_SUBJECT = "Subject: "
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_NAME = re.compile(r"[a-z][a-z_]*")


@dataclass(frozen=True)
class Letter:
    """A finished letter. An SMS has neither subject nor html."""

    subject: str
    text: str
    html: str | None = None


@dataclass(frozen=True)
class LetterWriter:
    """Templates and catalogues of one folder; the portal's own unless a test brings others."""

    templates: Path = PORTAL / "templates"
    translations: Path = PORTAL / "translations"

    def mail(self, name: str, language: str, context: Mapping[str, object]) -> Letter:
        """emails/<name>.txt, whose first line is the subject, and emails/<name>.html if there is one."""
        environment = _environment(self.templates, self.translations, language)
        subject, text = _parts(environment, _checked(name))
        return Letter(
            subject=_one_stop(_one_line(subject.render(context)), context),
            text=_one_stop(text.render(context).strip() + "\n", context),
            html=self._html(environment, name, context),
        )

    def sms(self, name: str, language: str, context: Mapping[str, object]) -> Letter:
        """sms/<name>.txt on one line, without the accents that would halve what fits into one message."""
        environment = _environment(self.templates, self.translations, language)
        text = environment.from_string(_source(environment, f"sms/{_checked(name)}.txt")).render(context)
        return Letter(subject="", text=to_gsm(_one_line(_one_stop(text, context))))

    def _html(self, environment: Environment, name: str, context: Mapping[str, object]) -> str | None:
        try:
            return environment.get_template(f"emails/{name}.html").render(context)
        except TemplateNotFound as missing:
            if missing.name != f"emails/{name}.html":
                raise
            return None


_PORTAL_LETTERS = LetterWriter()


def render_letter(name: str, language: str, context: Mapping[str, object]) -> Letter:
    """The mail of that name in that language; a variable the template needs and misses is an error."""
    return _PORTAL_LETTERS.mail(name, language, context)


def render_sms(name: str, language: str, context: Mapping[str, object]) -> Letter:
    """The SMS of that name in that language."""
    return _PORTAL_LETTERS.sms(name, language, context)


def in_language(language: str, text: str) -> str:
    """A text of the portal in the receiver's language, for a word that a letter is given as a variable."""
    return Translations.load(str(PORTAL / "translations"), [language]).gettext(text)


@cache
def _environment(templates: Path, translations: Path, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    catalogue = Translations.load(str(translations), [language])
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return environment


@cache
def _parts(environment: Environment, name: str) -> tuple[Template, Template]:
    """Subject and body, compiled once: publishing a roster writes hundreds of the same letter.

    The subject is split off before names are filled in, so that a name with a line break stays in its line.
    """
    subject_line, _, body = _source(environment, f"emails/{name}.txt").partition("\n")
    if not subject_line.startswith(_SUBJECT):
        raise ValueError(f"emails/{name}.txt must begin with {_SUBJECT!r}")
    return environment.from_string(subject_line.removeprefix(_SUBJECT)), environment.from_string(body)


def _source(environment: Environment, path: str) -> str:
    return cast("BaseLoader", environment.loader).get_source(environment, path)[0]


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a letter: {name!r}")
    return name


def _one_stop(text: str, context: Mapping[str, object]) -> str:
    """A name such as "Nordbau s.r.o." brings the full stop of its sentence; what people wrote stays as it is."""
    for key, name in context.items():
        if key.endswith("_name") and isinstance(name, str) and len(name) > 1 and name.endswith("."):
            text = text.replace(f"{name}.", name)
    return text


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())
