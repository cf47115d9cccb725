"""Says whether the embedded database finds PostgreSQL here; `make setup` installs it when it does not."""

import sys

from portal.embedded.binaries import find_binaries
from portal.embedded.errors import EmbeddedPostgresError

try:
    find_binaries()
except EmbeddedPostgresError as error:
    sys.exit(str(error))
