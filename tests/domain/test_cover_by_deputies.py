"""Which days of an approver's time off are left without a deputy, or with one for some of it only."""

from datetime import date

import pytest

from portal.domain.cover_by_deputies import Gap, Spell, gaps


def day(number):
    return date(2026, 8, number)


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([], [Gap(day(3), day(7))]),
        ([Spell(day(1), day(9))], []),
        ([Spell(day(1), day(4)), Spell(day(5), day(9))], []),  # two in a row
        ([Spell(day(1), day(4))], [Gap(day(5), day(7))]),
        ([Spell(day(4), day(6))], [Gap(day(3), day(3)), Gap(day(7), day(7))]),
        ([Spell(day(1), day(9), limited=True)], [Gap(day(3), day(7), (0,))]),
        ([Spell(day(1), day(9), limited=True), Spell(day(3), day(7))], []),
        (
            [Spell(day(1), day(4), limited=True), Spell(day(4), day(9), limited=True)],
            [Gap(day(3), day(3), (0,)), Gap(day(4), day(4), (0, 1)), Gap(day(5), day(7), (1,))],
        ),
        ([Spell(day(5), day(9), limited=True)], [Gap(day(3), day(4)), Gap(day(5), day(7), (0,))]),
    ],
)
def test_what_remains(spells, expected):
    assert gaps(day(3), day(7), spells) == expected
