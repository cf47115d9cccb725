"""Where backups lie: a folder on another disk, or a bucket. A backup is there as a whole or not at all."""

from portal.integrations.backup_places.folder import FolderPlace
from portal.integrations.backup_places.place import MANIFEST, BackupPlace, PlaceFailed

__all__ = ["MANIFEST", "BackupPlace", "FolderPlace", "PlaceFailed"]
