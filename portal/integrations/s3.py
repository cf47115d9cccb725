"""Speaking with S3, or with anything that speaks like it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.client import Config


@dataclass(frozen=True)
class Credential:
    """One pair of keys; `repr` does not show the secret."""

    key_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Bucket:
    """A bucket, what the names of our objects in it begin with, and how it is reached."""

    name: str
    prefix: str
    credential: Credential
    endpoint: str | None = None
    region: str | None = None

    def connect(self, *, wait: float, tries: int = 3) -> Any:
        """A client that uses this credential and no other. It waits `wait` seconds for an answer, `tries` times."""
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region or "us-east-1",
            aws_access_key_id=self.credential.key_id,
            aws_secret_access_key=self.credential.secret,
            config=Config(
                s3={"addressing_style": "path" if self.endpoint else "auto"},
                connect_timeout=min(wait, 10),
                read_timeout=wait,
                retries={"max_attempts": tries, "mode": "standard"},
            ),
        )
