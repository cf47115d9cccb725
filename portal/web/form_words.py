"""Reads one of our own pages for what a form of it says: which words stand beside the values that were entered.

So a summary uses exactly the words of the form, without a second list of them that could drift apart from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from flask_babel import format_date
from flask_babel import gettext as _
from lxml import html
from lxml.html import HtmlElement

#: What is never shown again, and what nobody has entered.
_UNSPOKEN = {"hidden", "password", "submit", "button", "file"}
_TICKED = {"checkbox", "radio"}


@dataclass(frozen=True)
class Entry:
    """A field by its label, and what was entered or chosen there, in words."""

    label: str
    values: tuple[str, ...]


def entries(page: str, address: str, fields: Sequence[tuple[str, str]]) -> list[Entry]:
    """What the form of the page that is sent to this address makes of these fields, in the order of the form.

    An empty field is left out; a single box that is not ticked says so. Empty without such a form.
    """
    form = next(
        (one for one in html.fromstring(page).iter("form") if _path(one.get("action")) == _path(address)),
        None,
    )
    if form is None:
        return []
    found = []
    for name in dict.fromkeys(one.get("name") for one in form.iter("input", "select", "textarea")):
        sent = [value for key, value in fields if key == name]
        controls = [one for one in form.iter("input", "select", "textarea") if one.get("name") == name]
        entry = _entry(form, controls, sent) if name else None
        if entry is not None:
            found.append(entry)
    return found


def _entry(form: HtmlElement, controls: list[HtmlElement], sent: list[str]) -> Entry | None:
    first = controls[0]
    kind = first.tag if first.tag != "input" else first.get("type", "text")
    if kind in _UNSPOKEN:
        return None
    if kind in _TICKED:
        return _of_boxes(form, controls, sent)
    if kind == "select":
        texts = {one.get("value", _text(one)): _text(one) for one in first.iter("option")}
        values = [texts.get(value, value) for value in sent if value]
    else:
        values = [_written(kind, value) for value in sent]
    return _made(_label(form, first), values)


def _of_boxes(form: HtmlElement, controls: list[HtmlElement], sent: list[str]) -> Entry | None:
    """One box is a question, answered by yes or no; several are a question with answers of their own."""
    if len(controls) == 1 and controls[0].get("type") == "checkbox":
        return _made(_label(form, controls[0]), [_("Yes") if sent else _("No")])
    chosen = [_label(form, one) for one in controls if one.get("value", "on") in sent]
    return _made(_legend(controls[0]), chosen)


def _made(label: str, values: Iterable[str]) -> Entry | None:
    spoken = tuple(value for value in values if value.strip())
    return Entry(label, spoken) if label and spoken else None


def _label(form: HtmlElement, control: HtmlElement) -> str:
    """The words of its label, without the note that it is optional."""
    own = control.get("id")
    label = next((one for one in form.iter("label") if own and one.get("for") == own), None)
    if label is None:
        label = next(control.iterancestors("label"), None)
    if label is None:
        return control.get("aria-label") or ""
    for note in label.find_class("optional"):
        note.drop_tree()
    return _text(label)


def _legend(control: HtmlElement) -> str:
    group = next(control.iterancestors("fieldset"), None)
    legend = group.find(".//legend") if group is not None else None
    return _text(legend) if legend is not None else ""


def _written(kind: str, value: str) -> str:
    """Dates travel as ISO; people read them in their language."""
    if kind != "date":
        return value
    try:
        return str(format_date(date.fromisoformat(value)))
    except ValueError:
        return value


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _path(address: str | None) -> str:
    return urlsplit(address or "").path
