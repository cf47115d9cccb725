"""The embedded PostgreSQL: a private server that lives and dies with the process that starts it.

It is used when DATABASE_URL is not set. Nothing here knows the portal's tables.
"""

from portal.embedded.errors import EmbeddedPostgresError
from portal.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]
