"""The settings of the place where sealed files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.setting_error import SettingError

PLACE = "STAFFROOM_FILES"
_S3 = "STAFFROOM_FILES_S3_"
KNOWN = {PLACE, f"{_S3}ENDPOINT", f"{_S3}REGION", f"{_S3}KEY_ID", f"{_S3}SECRET"}


@dataclass(frozen=True)
class FileSettings:
    """Read once from the environment; see docs/settings.md."""

    #: s3://bucket/prefix; None: a folder below the instance folder.
    place: str | None = None
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_key_id: str | None = None
    s3_secret: str | None = field(default=None, repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], *, production: bool) -> FileSettings:
        """Reads and checks; raises SettingError."""
        settings = cls(
            place=environ.get(PLACE) or None,
            s3_endpoint=environ.get(f"{_S3}ENDPOINT") or None,
            s3_region=environ.get(f"{_S3}REGION") or None,
            s3_key_id=environ.get(f"{_S3}KEY_ID") or None,
            s3_secret=environ.get(f"{_S3}SECRET") or None,
        )
        settings.refuse_half_made()
        if production and settings.s3_endpoint and not settings.s3_endpoint.startswith("https://"):
            raise SettingError(f"{_S3}ENDPOINT", "must start with https:// in production")
        return settings

    def refuse_half_made(self) -> None:
        if self.place is None:
            return
        parts = urlsplit(self.place)
        if parts.scheme != "s3" or not parts.netloc:
            raise SettingError(PLACE, "must name a bucket, such as s3://staffroom-files/production")
        if not (self.s3_key_id and self.s3_secret):
            raise SettingError(f"{_S3}KEY_ID", "is needed for a bucket, and _SECRET beside it")
