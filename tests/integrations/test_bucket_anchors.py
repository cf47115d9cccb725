"""Anchors in a bucket, on a real S3 server: written once, locked, and the first that was written counts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from botocore.exceptions import ClientError

from portal.integrations.anchors import AnchorTaken
from portal.integrations.bucket_anchors import BucketAnchors
from portal.integrations.s3 import Bucket, Credential
from tests.fixtures.bucket import LOCKED, OPEN

COMPANY = UUID(int=7)


@pytest.fixture
def anchors_in(bucket_server, request):
    def anchors(name: str) -> BucketAnchors:
        credential = Credential(*bucket_server.credentials["owner"])
        bucket = Bucket(name, f"{request.node.name}/", credential, bucket_server.endpoint)
        return BucketAnchors(bucket, 30, lambda: datetime.now(UTC))  # noqa: TID251 - the bucket's own clock counts

    return anchors


def test_what_is_written_is_found_in_the_order_of_its_numbers(anchors_in):
    store = anchors_in(LOCKED)
    assert store.numbers(COMPANY) == []
    for seq in (1000, 9, 20):
        store.put(COMPANY, seq, b"%d" % seq)
    assert store.numbers(COMPANY) == [9, 20, 1000]
    assert store.get(COMPANY, 20) == b"20"
    assert store.numbers(UUID(int=8)) == []


def test_nothing_is_ever_written_over_or_deleted(anchors_in, bucket_server):
    """T133: whoever holds all rights over the portal, and even over the bucket, cannot take an anchor back."""
    store = anchors_in(LOCKED)
    store.put(COMPANY, 5, b"true")
    store.put(COMPANY, 5, b"true")
    with pytest.raises(AnchorTaken):
        store.put(COMPANY, 5, b"false")
    owner, name = bucket_server.client("owner"), f"{store.bucket.prefix}{COMPANY}/000000000005.json"
    version = owner.head_object(Bucket=LOCKED, Key=name)["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        owner.delete_object(Bucket=LOCKED, Key=name, VersionId=version)
    owner.put_object(Bucket=LOCKED, Key=name, Body=b"false")  # a newer version beside the first
    assert store.get(COMPANY, 5) == b"true"


def test_a_bucket_that_cannot_lock_is_refused(anchors_in):
    with pytest.raises(ClientError):
        anchors_in(OPEN).put(COMPANY, 5, b"true")
