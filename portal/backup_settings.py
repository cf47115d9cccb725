"""The settings of backups: where they go, with which key, and who is told when something is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from portal.setting_error import SettingError

PLACE = "STAFFROOM_BACKUP_PLACE"
RECOVERY = "STAFFROOM_RECOVERY"
#: Said instead of a place: the operator backs up by other means, and wants no alarm from here.
ELSEWHERE = "none"
_S3 = "STAFFROOM_BACKUP_S3_"
KNOWN = {
    PLACE, RECOVERY, "STAFFROOM_BACKUP_KEY_FILE", "STAFFROOM_OPERATOR_EMAIL", f"{_S3}ENDPOINT", f"{_S3}REGION",
    f"{_S3}KEY_ID", f"{_S3}SECRET", f"{_S3}READ_KEY_ID", f"{_S3}READ_SECRET", f"{_S3}LOCK_DAYS",
}  # fmt: skip
LONGEST_LOCK_DAYS = 31


@dataclass(frozen=True)
class BackupSettings:
    """Read once from the environment; see docs/backups.md."""

    #: A folder, or s3://bucket/prefix; None: backups are made elsewhere, or not at all.
    place: str | None = None
    key_file: Path = Path()
    operator_email: str | None = None
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_key_id: str | None = None
    s3_secret: str | None = field(default=None, repr=False)
    #: For lists, checks and restores; without them the ones above are used.
    s3_read_key_id: str | None = None
    s3_read_secret: str | None = field(default=None, repr=False)
    #: After damage, whether a restored portal takes the place of the damaged one by itself although work is lost.
    recovers_itself: bool = False
    #: How long the bucket must refuse to delete a backup; 0: it has no object lock.
    s3_lock_days: int = 30

    @property
    def in_bucket(self) -> bool:
        return self.place is not None and self.place.startswith("s3://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], *, instance: Path, production: bool) -> BackupSettings:
        """Outside production backups go into the instance folder unless told otherwise, so that trying is easy."""
        given = environ.get(PLACE) or (None if production else str(instance / "backups"))
        if given is None:
            raise SettingError(
                PLACE,
                "is missing: a folder on another disk or s3://bucket, or `none` when you back up by other means",
            )
        settings = cls(
            place=None if given == ELSEWHERE else given,
            key_file=Path(environ.get("STAFFROOM_BACKUP_KEY_FILE") or instance / "keys" / "backup.key"),
            operator_email=environ.get("STAFFROOM_OPERATOR_EMAIL") or None,
            s3_endpoint=environ.get(f"{_S3}ENDPOINT") or None,
            s3_region=environ.get(f"{_S3}REGION") or None,
            s3_key_id=environ.get(f"{_S3}KEY_ID") or None,
            s3_secret=environ.get(f"{_S3}SECRET") or None,
            s3_read_key_id=environ.get(f"{_S3}READ_KEY_ID") or None,
            s3_read_secret=environ.get(f"{_S3}READ_SECRET") or None,
            recovers_itself=_recovery(environ.get(RECOVERY)),
            s3_lock_days=_lock_days(environ.get(f"{_S3}LOCK_DAYS")),
        )
        settings.refuse_half_made()
        if production:
            settings.refuse_what_is_unsafe(instance)
        return settings

    def refuse_half_made(self) -> None:
        if self.place is None:
            return
        if self.in_bucket:
            if not urlsplit(self.place).netloc:
                raise SettingError(PLACE, "must name a bucket, such as s3://staffroom-backups/production")
            if not (self.s3_key_id and self.s3_secret):
                raise SettingError(f"{_S3}KEY_ID", "is needed for a bucket, and _SECRET beside it")
        elif "://" in self.place or not Path(self.place).is_absolute():
            raise SettingError(PLACE, "must be s3://bucket/prefix, or the whole path of a folder")
        if bool(self.s3_read_key_id) != bool(self.s3_read_secret):
            raise SettingError(f"{_S3}READ_KEY_ID", "needs _READ_SECRET beside it, or neither")
        if self.operator_email is not None and "@" not in parseaddr(self.operator_email)[1]:
            raise SettingError("STAFFROOM_OPERATOR_EMAIL", "must be an e-mail address")

    def refuse_what_is_unsafe(self, instance: Path) -> None:
        if self.place is None:
            return
        if self.operator_email is None:
            raise SettingError(
                "STAFFROOM_OPERATOR_EMAIL", "is needed in production: who hears of a late backup?"
            )
        if self.in_bucket:
            if self.s3_endpoint is not None and not self.s3_endpoint.startswith("https://"):
                raise SettingError(f"{_S3}ENDPOINT", "must start with https:// in production")
            if self.s3_lock_days == 0:
                raise SettingError(
                    f"{_S3}LOCK_DAYS",
                    "must not be 0 in production: whoever breaks in could delete every backup",
                )
        elif Path(self.place).resolve().is_relative_to(instance.resolve()):
            raise SettingError(
                PLACE, "must not lie inside the instance folder: what takes the one takes both"
            )
        elif self.key_file.resolve().is_relative_to(Path(self.place).resolve()):
            raise SettingError("STAFFROOM_BACKUP_KEY_FILE", "must not lie beside the backups that it opens")


def _recovery(given: str | None) -> bool:
    if given not in {None, "", "ask", "automatic"}:
        raise SettingError(RECOVERY, "must be ask or automatic; see docs/backups.md")
    return given == "automatic"


def _lock_days(given: str | None) -> int:
    if not given:
        return BackupSettings.s3_lock_days
    if not given.isascii() or not given.isdigit() or int(given) > LONGEST_LOCK_DAYS:
        raise SettingError(f"{_S3}LOCK_DAYS", f"must be a whole number up to {LONGEST_LOCK_DAYS}")
    return int(given)
