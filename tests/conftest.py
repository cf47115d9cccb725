"""Where pytest finds the fixtures; each topic has its own module in tests/fixtures/."""

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.portal",
    "tests.fixtures.promises",
    "tests.fixtures.browser",
    "tests.fixtures.adfs",
    "tests.fixtures.vendors",
    "tests.fixtures.backups",
    "tests.fixtures.bucket",
]
