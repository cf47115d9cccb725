"""What stops the start when a setting is unknown, missing or unsafe."""

from __future__ import annotations


class SettingError(Exception):
    """A setting that the portal will not start with."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
