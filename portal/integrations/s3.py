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


def connect(
    credential: Credential, *, endpoint: str | None, region: str | None, wait: float, tries: int = 3
) -> Any:
    """A client that uses this credential and no other. It waits `wait` seconds for an answer, `tries` times."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        region_name=region or "us-east-1",
        aws_access_key_id=credential.key_id,
        aws_secret_access_key=credential.secret,
        config=Config(
            s3={"addressing_style": "path" if endpoint else "auto"},
            connect_timeout=min(wait, 10),
            read_timeout=wait,
            retries={"max_attempts": tries, "mode": "standard"},
        ),
    )
