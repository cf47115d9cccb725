"""Keeps sealed files in a bucket, so that several machines serve the same portal."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError

from portal.integrations import s3
from portal.integrations.storage import (
    FileBroken,
    FileMissing,
    StorageFull,
    StorageUnavailable,
    StoredFile,
    folder_of,
    path_of,
)

_MISSING = {"NoSuchKey", "404", "NotFound"}
_NO_ROOM = {"InsufficientStorage", "QuotaExceeded", "507"}
#: Somebody waits for the page.
_SECONDS, _TRIES = 10, 2


@dataclass(frozen=True)
class BucketStore:
    """Objects named <prefix><company>/<two digits>/<key>. An object appears whole or not at all."""

    bucket: s3.Bucket

    def put(self, company_id: UUID, key: UUID, content: bytes) -> StoredFile:
        """Keep the file under its key; the bucket compares what arrived with the checksum sent along."""
        with self._in_words():
            self._client.put_object(
                Bucket=self.bucket.name,
                Key=self._name(company_id, key),
                Body=content,
                ChecksumAlgorithm="SHA256",
            )
        return StoredFile(key=key, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    def get(self, company_id: UUID, key: UUID, *, sha256: str | None = None) -> bytes:
        """The file; with `sha256` it is compared first, and a difference is `FileBroken`."""
        with self._in_words():
            answer = self._client.get_object(Bucket=self.bucket.name, Key=self._name(company_id, key))
            content: bytes = answer["Body"].read()
        if sha256 is not None and not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
            raise FileBroken
        return content

    def delete(self, company_id: UUID, key: UUID) -> None:
        """Gone afterwards, whether or not it was there: a repeated job must not fail."""
        self._delete_below(self._name(company_id, key))

    def keys(self, company_id: UUID) -> Iterator[UUID]:
        """Every file of the company, in no order."""
        for name in self._names(f"{self.bucket.prefix}{folder_of(company_id)}/"):
            yield UUID(name.rpartition("/")[2])

    def delete_company(self, company_id: UUID) -> None:
        """Remove every file of the company."""
        self._delete_below(f"{self.bucket.prefix}{folder_of(company_id)}/")

    def discard_unfinished(self, *, older_than: float) -> int:
        """Nothing is ever half written here."""
        return 0

    def all_files(self) -> Iterator[tuple[UUID, UUID]]:
        """Company and key of every file, for backups. What is no file of ours is passed over."""
        for name in self._names(self.bucket.prefix):
            with suppress(ValueError):
                company, _, key = name.removeprefix(self.bucket.prefix).split("/")
                yield UUID(company), UUID(key)

    def _name(self, company_id: UUID, key: UUID) -> str:
        return self.bucket.prefix + path_of(company_id, key)

    def _names(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket.name, Prefix=prefix)
        with self._in_words():
            for page in pages:
                yield from (entry["Key"] for entry in page.get("Contents", ()))

    def _delete_below(self, prefix: str) -> None:
        """All versions of each: what a bucket keeps of a deleted file is not deleted."""
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket.name, Prefix=prefix
        )
        with self._in_words():
            for page in pages:
                found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                for one in found:
                    self._client.delete_object(
                        Bucket=self.bucket.name, Key=one["Key"], VersionId=one["VersionId"]
                    )

    @cached_property
    def _client(self) -> Any:
        return self.bucket.connect(wait=_SECONDS, tries=_TRIES)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code in _MISSING:
                raise FileMissing from None
            if code in _NO_ROOM:
                raise StorageFull from None
            raise StorageUnavailable(f"s3://{self.bucket.name} answers {code}") from refused
        except (BotoCoreError, OSError) as failed:
            raise StorageUnavailable(f"s3://{self.bucket.name}: {type(failed).__name__}") from failed
