"""Where pytest finds the fixtures (a module a topic in tests/fixtures/), and in which order it takes the files."""

from __future__ import annotations

import pytest

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.portal",
    "tests.fixtures.promises",
    "tests.fixtures.browser",
    "tests.fixtures.pooler",
    "tests.fixtures.proxied",
    "tests.fixtures.adfs",
    "tests.fixtures.vendors",
    "tests.fixtures.stripe_end",
    "tests.fixtures.twilio_end",
    "tests.fixtures.backups",
    "tests.fixtures.bucket",
    "tests.fixtures.scanner",
    "tests.fixtures.key_service",
]

#: Begun first, because a process that meets one of them last lets the other wait.
LONGEST = {
    "test_access_table.py",
    "test_statements.py",
    "test_killed_at_random.py",
    "test_behind_a_proxy.py",
    "test_the_path.py",
    "test_from_nothing.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)
