"""What a change means for all who are chosen together, however many pages their list has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from portal.services.balances import TypeFacts
from portal.services.terms_preview import TermsPreview


@dataclass(frozen=True)
class YearTotal:
    """What a year gives to those whom the change touches, before and after it; in the unit of the type."""

    kind: TypeFacts
    year: int
    people: int
    before: int
    after: int


@dataclass(frozen=True)
class Totals:
    people: int
    #: Who would end a year below zero.
    short: int
    #: Absences that would cost something else.
    absences: int
    years: list[YearTotal]


def totals(found: Collection[TermsPreview]) -> Totals:
    sums: dict[tuple[str, int], YearTotal] = {}
    for one in (change for preview in found for change in preview.entitlements):
        key = one.kind.key, one.year
        so_far = sums.get(key, YearTotal(one.kind, one.year, 0, 0, 0))
        sums[key] = YearTotal(
            one.kind, one.year, so_far.people + 1, so_far.before + one.before, so_far.after + one.after
        )
    return Totals(
        people=len(found),
        short=sum(bool(one.short) for one in found),
        absences=sum(len(one.absences) for one in found),
        years=[sums[key] for key in sorted(sums)],
    )
