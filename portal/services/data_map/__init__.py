"""The data map: every table and column with whose it is, why it is kept, and what becomes of it.

The one place that exports, erasure, retention and the record of processing read. A new table or column is declared
in the module of its noun; tests/architecture/test_data_map.py says what is missing.
"""

from __future__ import annotations

from portal.models.base import Base
from portal.services.data_map import (
    company,
    documents,
    employment,
    feeds,
    incidents,
    licence,
    privacy,
    provisioning,
    rosters,
    sign_in,
    support,
    time_off,
)
from portal.services.data_map.cards import Card

CARDS: dict[str, Card] = {
    one.table: one
    for module in (
        employment,
        time_off,
        rosters,
        documents,
        sign_in,
        feeds,
        provisioning,
        privacy,
        support,
        incidents,
        licence,
        company,
    )
    for one in module.CARDS
}


def cards() -> list[Card]:
    """All cards, those that others refer to first."""
    order = [table.name for table in Base.metadata.sorted_tables]
    return sorted(CARDS.values(), key=lambda one: order.index(one.table))


def undeclared() -> list[str]:
    """What the tables have and the map has not, and the other way round, each as "table.column"."""
    there = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    declared = {(one.table, name) for one in CARDS.values() for name in one.fields}
    return sorted(f"{table}.{column}" for table, column in there ^ declared)
