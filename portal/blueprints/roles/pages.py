"""What several pages of roles share: pages of long lists, and the permissions as choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.domain.permissions import Permission
from portal.services.role_lists import HolderPage
from portal.web.permission_words import AREAS, PERMISSIONS


@dataclass(frozen=True)
class Pager:
    """What the pager under a list needs."""

    number: int
    pages: int
    previous_url: str | None
    next_url: str | None


def asked_page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), 10_000)


def asked_permission() -> Permission | None:
    """The permission in the address; one that is none is left out."""
    asked = request.args.get("permission", "")
    return Permission(asked) if asked in set(Permission) else None


def pager(found: HolderPage, endpoint: str, **values: Any) -> Pager:
    def url(number: int) -> str | None:
        return url_for(endpoint, page=number, **values) if 1 <= number <= found.pages else None

    return Pager(found.number, found.pages, url(found.number - 1), url(found.number + 1))


def permission_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every permission in words, by area."""
    return [
        (str(label), [(one.value, str(PERMISSIONS[one])) for one in permissions])
        for _key, label, permissions in AREAS
    ]
