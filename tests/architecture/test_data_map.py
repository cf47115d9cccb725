"""The data map is complete: nothing is kept that nobody has said the purpose, the period and the end of (P16)."""

from __future__ import annotations

import pytest
from sqlalchemy import LargeBinary

from portal.domain.data_map import Basis, Erase, Export, Purpose, Retention, Rows
from portal.models.base import Base, CompanyScoped
from portal.services import data_map
from portal.services.data_map.cards import card
from portal.web import data_map_words as words
from tests.architecture.test_catalogue import WITHOUT_COMPANY

CARDS = data_map.cards()
_HOW = """
Each table has a card in portal/services/data_map/<noun>.py, listed in that module's CARDS (a new module is listed in
data_map/__init__.py). A column's name stands once on the card, in the group that says what a person's own copy shows:
  plain=      as it is;  sealed= opened (column of sealing.seal);  file= the key of a sealed file in the file store;
  people=     an id of another person, shown as a name;
  secret=     never shown, because it opens a door;  technical= says nothing about the person.
person= is the column that says whose row it is. rows= is what erasing does: Rows.DELETED, or Rows.PSEUDONYMOUS with
erased={"column": Erase.NULL | Erase.BLANK} for whatever could still say who it was, or Rows.UNTOUCHED where a row is
about nobody. A table gets its words in TABLES of portal/web/data_map_words.py. docs/privacy.md explains the rest."""


def test_every_table_and_column_is_declared_and_nothing_that_is_gone():
    columns = {f"{one.name}.{column.name}" for one in Base.metadata.tables.values() for column in one.columns}
    missing = [one for one in data_map.undeclared() if one in columns]
    gone = [one for one in data_map.undeclared() if one not in columns]
    assert not missing, f"not in the data map: {', '.join(missing)}\n{_HOW}"
    assert not gone, f"the data map declares what is no longer there: {', '.join(gone)}\n{_HOW}"


def test_tables_that_no_model_describes_hold_no_person():
    """The queue, the migrations: what has no model has no card, and stands on the reviewed list of the catalogue."""
    modelled = {f"{one.schema or 'public'}.{one.name}" for one in Base.metadata.tables.values()}
    assert set(WITHOUT_COMPANY) - modelled == {
        "public.alembic_version",
        "public.procrastinate_jobs",
        "public.procrastinate_events",
        "public.procrastinate_periodic_defers",
        "public.procrastinate_workers",
    }


@pytest.mark.parametrize("one", CARDS, ids=lambda one: one.table)
def test_every_reference_to_a_person_is_one(one):
    """Whose row it is, or who is named in it: an id of somebody is never taken for a plain fact."""
    for key in one.model.__table__.foreign_key_constraints:
        if key.referred_table.name == "employee":
            [column] = [name for name in key.column_keys if name != "company_id"]
            declared = one.fields[column].export
            if (one.table, column) == ("employee", "line_manager_id"):
                continue  # of the version before: LineManagement says it now
            assert column == one.person or declared is Export.NAME, (
                f"{one.table}.{column} is {declared}{_HOW}"
            )


@pytest.mark.parametrize("one", CARDS, ids=lambda one: one.table)
def test_what_is_sealed_is_never_taken_for_plain(one):
    for column in one.model.__table__.columns:
        if column.info.get("sealed"):
            assert one.fields[column.name].export in {Export.SEALED, Export.SECRET, Export.FILE}, column
        if one.fields[column.name].export is Export.SEALED:
            assert isinstance(column.type, LargeBinary), column


@pytest.mark.parametrize("one", [one for one in CARDS if one.of_people], ids=lambda one: one.table)
def test_what_is_about_people_ends_for_them(one):
    """Rows of people are deleted or lose their words; a ground is named for each."""
    assert one.rows is not Rows.UNTOUCHED, f"{one.table} has a person and no end{_HOW}"
    assert one.basis is not Basis.NONE, f"{one.table} has a person and no legal ground{_HOW}"
    assert issubclass(one.model, CompanyScoped)
    if one.rows is Rows.PSEUDONYMOUS:
        free_text = [
            column.name
            for column in one.model.__table__.columns
            if column.info.get("private") and one.fields[column.name].erase is None
        ]
        assert free_text == [], f"{one.table} keeps people's own words: {free_text}{_HOW}"


@pytest.mark.parametrize("one", CARDS, ids=lambda one: one.table)
def test_what_is_emptied_can_be(one):
    for field in one.fields.values():
        if field.erase is Erase.NULL:
            assert one.model.__table__.columns[field.name].nullable, f"{one.table}.{field.name}"
        if field.erase is not None:
            assert one.rows is Rows.PSEUDONYMOUS, f"{one.table}.{field.name} goes with its row"


def test_a_column_stands_once_on_a_card():
    with pytest.raises(ValueError, match="two groups"):
        _card(plain="key name", technical="name")
    with pytest.raises(ValueError, match="no group names"):
        _card(plain="key", erased={"colour": Erase.NULL})


def test_everything_has_words():
    assert set(words.TABLES) == set(data_map.CARDS), "TABLES in portal/web/data_map_words.py"
    for listed, members in (
        (words.PURPOSES, Purpose),
        (words.REASONS, Purpose),
        (words.BASES, Basis),
        (words.PERIODS, Retention),
        (words.ROWS, Rows),
        (words.EXPORTS, Export),
        (words.FIELDS, Erase),
    ):
        assert set(listed) == set(members)


def _card(**groups):
    return card(
        data_map.CARDS["absence_type"].model,
        purpose=Purpose.TIME_OFF,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        **groups,
    )
