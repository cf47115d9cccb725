"""Acme's directory."""

from __future__ import annotations

import pytest

from tests.factories.provisioning import directory


@pytest.fixture
def entra(app, as_, cast):
    return directory(app, as_, cast.ana)
