"""Values of a company's own fields: read as people write them, kept in one way; who sees and edits which group."""

from __future__ import annotations

import pytest

from portal.domain.custom_fields import (
    RULES,
    FieldGroup,
    FieldKind,
    ValueProblem,
    ValueRefused,
    groups_edited,
    groups_for,
    read,
)
from portal.domain.people_import import ImportProblem

K, P = FieldKind, ValueProblem


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (K.TEXT, "  a \n b ", "a b"),
        (K.LONG_TEXT, " a\r\nb ", "a\nb"),
        (K.NUMBER, "1 200,50", "1200.5"),
        (K.NUMBER, "-007", "-7"),
        (K.DATE, "31. 3. 2026", "2026-03-31"),
        (K.CHOICE, "large", "Large"),
        (K.YES_NO, "Ano", "yes"),
        (K.YES_NO, "nein", "no"),
        (K.TEXT, "=1+1", "=1+1"),
        *((kind, "  ", "") for kind in K),
    ],
)
def test_a_value_is_kept_in_one_way(kind, typed, kept):
    assert read(kind, ["Small", "Large"], typed) == kept
    assert read(kind, ["Small", "Large"], kept) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        (K.TEXT, "a\0b", P.CONTROL_CHARACTER),
        (K.TEXT, "\u202egpj", P.CONTROL_CHARACTER),
        (K.TEXT, "x" * 501, P.TOO_LONG),
        (K.LONG_TEXT, "x" * 4001, P.TOO_LONG),
        (K.NUMBER, "1e9", P.INVALID_NUMBER),
        (K.NUMBER, "٣", P.INVALID_NUMBER),
        (K.DATE, "2026-02-30", P.INVALID_DATE),
        (K.DATE, "3/4/2026", P.INVALID_DATE),
        (K.CHOICE, "Huge", P.NOT_A_CHOICE),
        (K.YES_NO, "maybe", P.NOT_YES_OR_NO),
    ],
)
def test_what_is_no_value_is_refused_with_its_problem(kind, typed, problem):
    with pytest.raises(ValueRefused) as refused:
        read(kind, ["Small", "Large"], typed)
    assert refused.value.problem is problem
    assert ImportProblem(problem.value), "an import says the same"


def test_every_group_has_a_rule_and_the_open_ones_are_these():
    assert set(RULES) == set(FieldGroup)
    assert groups_for(record=False) == {FieldGroup.WORK, FieldGroup.CONTACT}
    assert groups_for(record=True) == groups_edited(by_hr=True, own=False) == set(FieldGroup)
    assert groups_edited(by_hr=False, own=True) == {FieldGroup.CONTACT, FieldGroup.PRIVATE}
    assert groups_edited(by_hr=False, own=False) == set()
