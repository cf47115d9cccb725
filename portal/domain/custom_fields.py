"""Fields that a company adds to its people: their kinds, who sees and who edits each group, how values are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.domain.permissions import Permission

LONGEST_NAME = 60
MOST_FIELDS = 40
MOST_CHOICES = 50
LONGEST_CHOICE = 100
_LONGEST_TEXT = 500
_LONGEST_LONG_TEXT = 4000

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,6})?", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DOTTED_DATE = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)
_YES = {"yes", "y", "1", "true", "ano", "ja"}
_NO = {"no", "n", "0", "false", "ne", "nein"}


class FieldKind(StrEnum):
    """What a value is."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes-no"


class FieldGroup(StrEnum):
    """Who sees and who edits a value; see RULES."""

    WORK = "work"
    CONTACT = "contact"
    PRIVATE = "private"
    CONTRACT = "contract"
    SEALED = "sealed"


class Retention(StrEnum):
    """How long a value is needed: until somebody leaves, or some years longer."""

    EMPLOYMENT = "employment"
    THREE_YEARS = "three-years"
    TEN_YEARS = "ten-years"


@dataclass(frozen=True, slots=True)
class GroupRule:
    """The right that shows a person's values of a group, and whether people edit their own. HR edits all of them."""

    view: Permission
    own_edit: bool


RULES: dict[FieldGroup, GroupRule] = {
    FieldGroup.WORK: GroupRule(Permission.DIRECTORY_VIEW, own_edit=False),
    FieldGroup.CONTACT: GroupRule(Permission.DIRECTORY_VIEW, own_edit=True),
    FieldGroup.PRIVATE: GroupRule(Permission.EMPLOYEE_VIEW, own_edit=True),
    FieldGroup.CONTRACT: GroupRule(Permission.EMPLOYEE_VIEW, own_edit=False),
    FieldGroup.SEALED: GroupRule(Permission.EMPLOYEE_VIEW, own_edit=False),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field as a form, an import and an export need it."""

    id: UUID
    name: str
    kind: FieldKind
    group: FieldGroup
    choices: tuple[str, ...] = ()

    @property
    def is_sealed(self) -> bool:
        return self.group is FieldGroup.SEALED


class ValueProblem(StrEnum):
    """What is wrong with a value."""

    CONTROL_CHARACTER = "control-character"
    INVALID_DATE = "invalid-date"
    INVALID_NUMBER = "invalid-number"
    NOT_A_CHOICE = "not-a-choice"
    NOT_YES_OR_NO = "not-yes-or-no"
    TOO_LONG = "too-long"


class ValueRefused(Exception):
    """The text is no value of the field's kind."""

    def __init__(self, problem: ValueProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def groups_for(*, record: bool) -> frozenset[FieldGroup]:
    """The groups that show to somebody with a person's record in reach, or with the directory alone."""
    return frozenset(
        group for group, rule in RULES.items() if record or rule.view is Permission.DIRECTORY_VIEW
    )


def groups_edited(*, by_hr: bool, own: bool) -> frozenset[FieldGroup]:
    """The groups that HR edits of people in reach, and those that people edit of themselves."""
    return frozenset(group for group, rule in RULES.items() if by_hr or (own and rule.own_edit))


def read(kind: FieldKind, choices: Sequence[str], typed: str) -> str:
    """The value as it is kept; "" when nothing was typed."""
    text = typed.replace("\r\n", "\n").strip()
    if kind is not FieldKind.LONG_TEXT:
        text = " ".join(text.split())
    if _FORBIDDEN.search(text):
        raise ValueRefused(ValueProblem.CONTROL_CHARACTER)
    if len(text) > (_LONGEST_LONG_TEXT if kind is FieldKind.LONG_TEXT else _LONGEST_TEXT):
        raise ValueRefused(ValueProblem.TOO_LONG)
    if not text:
        return ""
    match kind:
        case FieldKind.NUMBER:
            return _number(text)
        case FieldKind.DATE:
            return _day(text)
        case FieldKind.CHOICE:
            return _choice(text, choices)
        case FieldKind.YES_NO:
            return _yes_or_no(text)
    return text


def _number(text: str) -> str:
    plain = text.replace("\u00a0", "").replace(" ", "").replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueRefused(ValueProblem.INVALID_NUMBER)
    whole, _, fraction = plain.replace(",", ".").partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole)}.{fraction}" if fraction else str(int(whole))


def _day(text: str) -> str:
    if iso := _ISO_DATE.fullmatch(text):
        year, month, day = iso.groups()
    elif dotted := _DOTTED_DATE.fullmatch(text):
        day, month, year = dotted.groups()
    else:
        raise ValueRefused(ValueProblem.INVALID_DATE)
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise ValueRefused(ValueProblem.INVALID_DATE) from None


def _choice(text: str, choices: Sequence[str]) -> str:
    found = next((one for one in choices if one.casefold() == text.casefold()), None)
    if found is None:
        raise ValueRefused(ValueProblem.NOT_A_CHOICE)
    return found


def _yes_or_no(text: str) -> str:
    folded = text.casefold()
    if folded in _YES:
        return "yes"
    if folded in _NO:
        return "no"
    raise ValueRefused(ValueProblem.NOT_YES_OR_NO)
