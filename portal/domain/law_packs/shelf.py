"""Which pack a country has, and which of its rules hold on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.law_packs import at, cz, de, eu, pl, sk
from portal.domain.law_packs.rules import LawPack, LawRule, RuleKey

PACKS = {one.PACK.country: one.PACK for one in (at, cz, de, eu, pl, sk)}
#: Members without a pack of their own have that of the Union.
_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
_ORDER = {key: position for position, key in enumerate(RuleKey)}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """From this day on a rule holds, or no longer does."""

    day: date
    rule: LawRule
    begins: bool


def pack_of(country: str) -> LawPack | None:
    """The country's own, else the Union's if it is a member; outside of it none is known."""
    return PACKS.get(country) or (eu.PACK if country in _MEMBERS else None)


def rules_on(pack: LawPack, day: date) -> list[LawRule]:
    """What holds on the day; what the country does not rule itself, the Union does."""
    own = [rule for rule in pack.rules if rule.holds_on(day)]
    ruled = {rule.key for rule in own}
    shared = [rule for rule in _shared(pack) if rule.holds_on(day) and rule.key not in ruled]
    return sorted((*own, *shared), key=lambda rule: _ORDER[rule.key])


def find_rule(pack: LawPack, key: RuleKey, day: date) -> LawRule | None:
    return next((rule for rule in rules_on(pack, day) if rule.key is key), None)


def changes_after(pack: LawPack, day: date) -> list[RuleChange]:
    """What begins or ends after the day, as far as the pack knows, by date."""
    return sorted(_changes(pack, day), key=lambda change: (change.day, change.begins))


def _changes(pack: LawPack, day: date) -> Iterator[RuleChange]:
    for rule in (*pack.rules, *_shared(pack)):
        if rule.valid_from > day:
            yield RuleChange(rule.valid_from, rule, begins=True)
        if rule.valid_to is not None and rule.valid_to >= day:
            yield RuleChange(rule.valid_to + timedelta(days=1), rule, begins=False)


def _shared(pack: LawPack) -> tuple[LawRule, ...]:
    return () if pack is eu.PACK else eu.PACK.rules
