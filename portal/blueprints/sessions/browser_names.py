"""What a browser calls itself, in the few words by which its owner recognises it. A hint, never a proof."""

from __future__ import annotations

import re

#: The first that matches wins: browsers also name those they imitate.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_MOBILE = {"iPhone", "iPad", "Android"}


def browser_name(agent: str) -> tuple[str, str]:
    """Browser and system ("Firefox", "Windows"); empty where it is neither known nor said."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"{mark}[A-Za-z]*/", agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return browser, system


def is_mobile(agent: str) -> bool:
    """Whether to draw a telephone."""
    return browser_name(agent)[1] in _MOBILE
