"""What makes a backup is killed in the middle: no half of it counts, and the next one is made as if nothing was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.backups import Trouble, troubles
from portal.services.backups import backup_log, nightly
from tests.fixtures.killed import killed_after

#: Makes a backup, says how far it is, and waits there to be killed.
PROCESS = """
import sys, time
from dataclasses import replace
from pathlib import Path
from portal.app import create_app
from portal.backup_settings import BackupSettings
from portal.domain.clock import FrozenClock
from portal.integrations.backup_places.folder import FolderPlace
from portal.services.backups import making, nightly
from portal.surroundings import connect_backups
from tests.fixtures.database_server import Database
from tests.fixtures.portal import NOW, make_settings

owner, app_url, backup_url, instance, place, key, begun, where = sys.argv[1:]

def stop(*_, **__):
    Path(begun).touch()
    time.sleep(600)

if where == "files":
    making._add = stop
else:
    FolderPlace.publish = stop
database = Database("", owner, app_url, "", "", backup_url)
chosen = BackupSettings(place=place, key_file=Path(key))
app = create_app(replace(make_settings(database, Path(instance)), backups=chosen), clock=FrozenClock(NOW))
staffroom = app.extensions["staffroom"]
with app.app_context():
    nightly.create(connect_backups(staffroom.settings, staffroom.outside, staffroom.clock))
"""


@pytest.mark.parametrize("where", ["files", "publish"])
def test_a_killed_backup_is_none(kept, tmp_path, where):
    """kill -9 while files are copied, and after the last byte but before it is published."""
    begun, database = tmp_path / "begun", kept.database
    arguments = [database.owner_url, database.app_url, database.backup_url, kept.instance, kept.folder]
    arguments += [kept.staffroom.settings.backups.key_file, begun, where]
    with killed_after(PROCESS, begun, *arguments):
        pass
    assert list((kept.folder / ".incoming").rglob("*.age")), "it was killed with something written"
    assert kept.backups.place.ids() == []
    assert troubles(backup_log.standing(), kept.clock.now()) == [Trouble.NONE_YET]
    kept.clock.move_to(kept.clock.now() + timedelta(minutes=1))
    manifest = nightly.create(replace(kept.backups))
    verdicts = nightly.verify_all(kept.backups)
    nightly.prune(kept.backups, verdicts)
    assert [(one.backup_id, one.good) for one in verdicts] == [(manifest.id, True)]
    assert not (kept.folder / ".incoming").exists()
    assert troubles(backup_log.standing(), kept.clock.now()) == []
