"""How a bucket of S3, or of anything that speaks like it, is named and reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.setting_error import SettingError


@dataclass(frozen=True)
class BucketSettings:
    """Read from the setting `name` and those that begin with it; see docs/settings.md."""

    bucket: str
    #: What the names of its objects begin with: empty, or ends with a slash.
    prefix: str
    key_id: str
    secret: str = field(repr=False)
    endpoint: str | None = None
    region: str | None = None

    @property
    def place(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    @staticmethod
    def known(name: str) -> set[str]:
        """The variables that belong to the setting."""
        return {name, *(f"{name}_S3_{part}" for part in ("ENDPOINT", "REGION", "KEY_ID", "SECRET"))}

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], name: str, *, production: bool) -> BucketSettings:
        """Reads and checks; raises SettingError."""
        parts = urlsplit(environ.get(name, ""))
        if parts.scheme != "s3" or not parts.netloc:
            raise SettingError(name, "must name a bucket, such as s3://acme-staffroom/files")
        key_id, secret = environ.get(f"{name}_S3_KEY_ID"), environ.get(f"{name}_S3_SECRET")
        if not (key_id and secret):
            raise SettingError(f"{name}_S3_KEY_ID", "is needed for a bucket, and _SECRET beside it")
        endpoint = environ.get(f"{name}_S3_ENDPOINT") or None
        if production and endpoint is not None and not endpoint.startswith("https://"):
            raise SettingError(f"{name}_S3_ENDPOINT", "must start with https:// in production")
        prefix = parts.path.strip("/")
        return cls(
            bucket=parts.netloc,
            prefix=f"{prefix}/" if prefix else "",
            key_id=key_id,
            secret=secret,
            endpoint=endpoint,
            region=environ.get(f"{name}_S3_REGION") or None,
        )
