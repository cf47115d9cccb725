"""What `flask serve` does when its own database is damaged: has a backup restored beside, and knows when to switch."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime

import click

from portal.config import PROJECT, Settings
from portal.domain.clock import Clock
from portal.domain.recovery import Decision
from portal.integrations.fence import Fence
from portal.services.backups import recovering
from portal.surroundings import owns_database, put_in_place

#: Seconds between two looks at the fence.
EVERY = 2.0


@dataclass
class SelfRecovery:
    """Looks at the fence now and then. A fence that a person put up, without damage, leads to nothing."""

    settings: Settings
    clock: Clock
    fence: Fence
    environment: dict[str, str]
    _looked: float = 0.0
    _handled: datetime | None = None
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def is_due(self) -> bool:
        """Whether the portal should stop now, to come back on the restored data."""
        if time.monotonic() - self._looked < EVERY or not owns_database(self.settings):
            return False
        self._looked = time.monotonic()
        if self._child is not None:
            if self._child.poll() is None:
                return False
            self._child = None
        if not self.fence.stands or self.settings.backups.place is None:
            return False
        state = recovering.waiting(self.settings.instance)
        if state is None:
            self._prepare()
            return False
        decision = state.decide(
            self.clock.now(),
            automatic=self.settings.backups.recovers_itself,
            accepted=False,
            last_switch=recovering.last_switch(self.settings.instance),
        )
        return decision is Decision.SWITCH

    def switch(self) -> None:
        """When the children have ended. The fence comes down last: a crash before leaves a portal that only reads."""
        state = recovering.waiting(self.settings.instance)
        if state is None:
            return
        former = put_in_place(self.settings, state, admin_url=None, at=self.clock.now())
        if former is not None:
            self.fence.take_down()
            click.echo(f"Restored from {state.backup_id}. What stood here before is kept in {former}.")

    def stop(self) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            self._child.wait()

    def _prepare(self) -> None:
        """Once for each fence: a backup that is not fit today is not fit two seconds later either."""
        standing = self.fence.read()
        if standing is None or standing.since == self._handled:
            return
        self._handled = standing.since
        words = [sys.executable, "-m", "flask", "--app", "wsgi", "backup", "recover", "--prepare"]
        self._child = subprocess.Popen(words, env=self.environment, cwd=PROJECT, start_new_session=True)
