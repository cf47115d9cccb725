"""The access marks: who a route is for. How each is kept is in web/guards.py and web/operator_door.py."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.permissions import Permission


@dataclass(frozen=True)
class Mark:
    """Who may use a route: anybody, everybody signed in, holders of a permission, or the operator's staff."""

    name: str
    permission: Permission | None = None


PUBLIC = Mark("public")
SIGNED_IN = Mark("signed-in")
#: A directory service with a live token of the company.
BY_TOKEN = Mark("by-token")
BY_FEED_ADDRESS = Mark("by-feed-address")
#: On the operator's own host alone; any other answers 404.
OPERATOR = Mark("operator")
