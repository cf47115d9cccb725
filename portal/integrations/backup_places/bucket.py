"""Backups in a bucket of S3 or of anything that speaks like it, locked so that nobody deletes them early.

Writing needs a credential that can only put; reading, for lists, checks and restores, one that can only read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError

from portal.domain.backups import taken_at
from portal.integrations import s3
from portal.integrations.backup_places.place import MANIFEST, PlaceFailed

_CHUNK = 1 << 20
_DENIED = {"AccessDenied", "MethodNotAllowed", "InvalidRequest"}


@dataclass(frozen=True)
class BucketPlace:
    """Objects are named <prefix><backup>/<part>. `locked_days`: how long the bucket must refuse to delete them."""

    bucket: str
    prefix: str
    writer: s3.Credential
    reader: s3.Credential
    now: Callable[[], datetime]
    endpoint: str | None = None
    region: str | None = None
    locked_days: int = 30

    @property
    def name(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="staffroom-backup-") as folder:
            yield Path(folder)

    def publish(self, backup_id: str, folder: Path) -> None:
        """The manifest goes last; each upload is compared by the bucket with the checksum sent along."""
        parts = sorted(folder.iterdir(), key=lambda path: (path.name == MANIFEST, path.name))
        extra: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"}
        if self.locked_days:
            until = self.now() + timedelta(days=self.locked_days)
            extra |= {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
        with self._in_words("write to"):
            for path in parts:
                key = self._key(backup_id, path.name)
                self._writing.upload_file(str(path), self.bucket, key, ExtraArgs=extra)

    def ids(self) -> list[str]:
        found = []
        with self._in_words("list"):
            for page in self._reading.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix
            ):
                keys = (entry["Key"].removeprefix(self.prefix) for entry in page.get("Contents", ()))
                found += [key.removesuffix(f"/{MANIFEST}") for key in keys if key.endswith(f"/{MANIFEST}")]
        return sorted(one for one in found if taken_at(one) is not None)

    @contextmanager
    def open(self, backup_id: str, name: str) -> Iterator[IO[bytes]]:
        """By way of a file without a name: what reads a backup may want to seek, and a broken line shows here."""
        with tempfile.TemporaryFile() as file:
            with self._in_words("read"):
                self._reading.download_fileobj(self.bucket, self._key(backup_id, name), file)
            file.seek(0)
            yield file

    def remove(self, backup_id: str) -> bool:
        """Tried with the writer, which in a well set-up bucket may not: then the bucket's own rule removes it."""
        try:
            for name in self._names(backup_id):
                self._writing.delete_object(Bucket=self.bucket, Key=name)
        except ClientError as refused:
            if refused.response["Error"]["Code"] in _DENIED:
                return False
            raise PlaceFailed(f"{self.name}: {refused}") from refused
        return True

    def warnings(self, instance: Path) -> Iterator[str]:
        if not self.locked_days:
            yield f"{self.name} is used without object lock: whoever has the credential can delete backups."
        if self.writer.key_id == self.reader.key_id:
            yield f"{self.name} is written and read with one credential; one that can only write is safer."

    def _names(self, backup_id: str) -> list[str]:
        """The manifest first, so that half a backup is none."""
        with self._in_words("list"):
            answer = self._reading.list_objects_v2(Bucket=self.bucket, Prefix=f"{self.prefix}{backup_id}/")
        names = [entry["Key"] for entry in answer.get("Contents", ())]
        return sorted(names, key=lambda name: not name.endswith(f"/{MANIFEST}"))

    def _key(self, backup_id: str, name: str) -> str:
        return f"{self.prefix}{backup_id}/{name}"

    @cached_property
    def _writing(self) -> Any:
        return self._as(self.writer)

    @cached_property
    def _reading(self) -> Any:
        return self._as(self.reader)

    def _as(self, person: s3.Credential) -> Any:
        return s3.Bucket(self.bucket, self.prefix, person, self.endpoint, self.region).connect(wait=60)

    @contextmanager
    def _in_words(self, what: str) -> Iterator[None]:
        try:
            yield
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            raise PlaceFailed(f"{self.name} does not let us {what} it ({code}).") from refused
        except (BotoCoreError, OSError) as failed:
            raise PlaceFailed(f"{self.name} is out of reach: {type(failed).__name__}.") from failed
        except Boto3Error as failed:
            raise PlaceFailed(f"{self.name} did not take the backup: {failed}") from failed
