"""No card data anywhere (P18): no column, form or template has a place for it, and no row holds such a number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.models.base import Base
from tests.factories.belongings import give_acme_everything

PORTAL = Path(__file__).parents[2] / "portal"
#: Names under which card data would be asked for or kept; "card" alone is a box on a page.
NAMES = re.compile(
    r"\b(card_?number|cardnumber|card_?no|cc_?num\w*|credit_?card\w*|debit_?card\w*|pan|cvc2?|cvv2?|csc|card_?holder"
    r"|expiry_?(month|year)|exp_(month|year)|iban)\b|autocomplete=[\"']cc-",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])")


def is_card_number(digits: str) -> bool:
    """Length, first digit and check digit (Luhn) of a payment card."""
    plain = [int(one) for one in digits if one.isdigit()]
    if not 13 <= len(plain) <= 19 or plain[0] not in {2, 3, 4, 5, 6} or len(set(plain)) == 1:
        return False
    doubled = [
        one if place % 2 == 0 else sum(divmod(one * 2, 10)) for place, one in enumerate(reversed(plain))
    ]
    return sum(doubled) % 10 == 0


def test_no_column_has_a_place_for_card_data():
    """P18."""
    names = [
        f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns
    ]
    assert [name for name in names if NAMES.search(name.replace(".", " "))] == []


@pytest.mark.parametrize("folder", ["templates", "blueprints", "models", "services", "static/js"])
def test_no_page_form_or_service_asks_for_card_data(folder):
    """P18."""
    files = [
        path
        for path in (PORTAL / folder).rglob("*")
        if path.suffix in {".html", ".py", ".js", ".txt"} and "vendor" not in path.parts
    ]
    assert files
    assert [
        f"{path.name}: {found.group()}" for path in files if (found := NAMES.search(path.read_text()))
    ] == []


def test_no_page_loads_a_script_of_others():
    """P18: the policy names no host but our own, so a payment form of others cannot be built in either."""
    policy = (PORTAL / "web" / "headers.py").read_text()
    assert "stripe" not in policy.lower()
    for path in (PORTAL / "templates").rglob("*.html"):
        assert not re.search(r"<script[^>]+src=[\"']https?:|<iframe", path.read_text()), path


@pytest.mark.parametrize(
    ("written", "is_card"),
    [
        ("4242 4242 4242 4242", True),
        ("5555-5555-5555-4444", True),
        ("4242 4242 4242 4243", False),
        ("0000000000000000", False),
    ],
)
def test_the_scan_can_find_one(written, is_card):
    assert any(is_card_number(found) for found in _DIGITS.findall(written)) is is_card
    assert NAMES.search("<input name='card_number'>")
    assert NAMES.search('autocomplete="cc-number"')


def test_no_row_of_a_full_company_holds_a_card_number(as_, cast):
    """P18: every text of every table, of the two companies and all that they own."""
    with as_(cast.ana) as uow:
        give_acme_everything(uow, cast)
        uow.session.flush()
        for table in Base.metadata.sorted_tables:
            owner = table.columns.get("company_id")
            if table.name != "company" and (owner is None or owner.nullable):
                continue  # the operator's own; the portal may not even read some of them
            name = f'{table.schema or "public"}."{table.name}"'
            columns = [one.name for one in table.columns if "TEXT" in str(one.type).upper()]
            for column in columns:
                values = uow.session.scalars(text(f'SELECT "{column}"::text FROM {name}'))  # noqa: S608
                found = [
                    one for value in values if value for one in _DIGITS.findall(value) if is_card_number(one)
                ]
                assert found == [], f"{name}.{column}"
