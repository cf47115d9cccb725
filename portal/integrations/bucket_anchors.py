"""Keeps anchors of the audit logs in a bucket whose lock lets nobody change or delete them for so many days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from botocore.exceptions import ClientError

from portal.integrations import s3
from portal.integrations.anchors import AnchorTaken, name_of

_TAKEN = "PreconditionFailed"


@dataclass(frozen=True)
class BucketAnchors:
    """Objects <prefix><company>/<number>.json. The lock is measured by the clock of the bucket: `now` is true time."""

    bucket: s3.Bucket
    locked_days: int
    now: Callable[[], datetime]

    def put(self, company_id: UUID, seq: int, content: bytes) -> None:
        """Whole or not at all; writing the same again is once. Raises AnchorTaken."""
        try:
            self._client.put_object(
                Bucket=self.bucket.name,
                Key=self.bucket.prefix + name_of(company_id, seq),
                Body=content,
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=self.now() + timedelta(days=self.locked_days),
            )
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _TAKEN:
                raise
            if self.get(company_id, seq) != content:
                raise AnchorTaken(f"event {seq} of {company_id} is anchored already") from None

    def numbers(self, company_id: UUID) -> list[int]:
        """Which events are anchored, the oldest first."""
        folder = self.bucket.prefix + name_of(company_id, 0).partition("/")[0] + "/"
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket.name, Prefix=folder)
        names = [entry["Key"].removeprefix(folder) for page in pages for entry in page.get("Contents", ())]
        return sorted(int(name.removesuffix(".json")) for name in names)

    def get(self, company_id: UUID, seq: int) -> bytes:
        """What was written first: a later version under the same name is not looked at."""
        name = self.bucket.prefix + name_of(company_id, seq)
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket.name, Prefix=name
        )
        # Of one name the newest comes first; the times of two may be the same.
        *_, first = (version for page in pages for version in page.get("Versions", ()))
        answer = self._client.get_object(Bucket=self.bucket.name, Key=name, VersionId=first["VersionId"])
        content: bytes = answer["Body"].read()
        return content

    @cached_property
    def _client(self) -> Any:
        return self.bucket.connect(wait=20)
