"""Backups in a bucket, on a real S3 server: written by who cannot read or delete, and locked for a month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from portal.integrations.backup_places import PlaceFailed
from portal.integrations.backup_places.bucket import BucketPlace
from portal.integrations.s3 import Credential
from tests.fixtures.bucket import LOCKED, OPEN

NEWEST, OLDER = "20260615T080000Z-00000001", "20260614T080000Z-00000002"


def now() -> datetime:
    """A lock is measured by the clock of the bucket."""
    return datetime.now(UTC)  # noqa: TID251


@pytest.fixture
def place_of(bucket_server, request):
    def place(bucket: str, *, locked_days: int = 30, writer: str = "writer", **changes):
        values = {
            "bucket": bucket,
            "prefix": f"{request.node.name}/",
            "writer": Credential(*bucket_server.credentials[writer]),
            "reader": Credential(*bucket_server.credentials["reader"]),
            "now": now,
            "endpoint": bucket_server.endpoint,
            "locked_days": locked_days,
        }
        return BucketPlace(**{**values, **changes})

    return place


def publish(place, backup_id: str, *, manifest: bool = True) -> None:
    with place.workspace() as folder:
        (folder / "database.dump.age").write_bytes(b"sealed")
        if manifest:
            (folder / "manifest.json").write_bytes(b"{}")
        place.publish(backup_id, folder)


def test_what_was_published_is_listed_and_read_back(place_of):
    place = place_of(OPEN, locked_days=0)
    for backup_id in (NEWEST, OLDER):
        publish(place, backup_id)
    assert place.ids() == [OLDER, NEWEST]
    with place.open(NEWEST, "database.dump.age") as file:
        assert file.read() == b"sealed"


def test_a_backup_without_its_manifest_is_none(place_of):
    """The upload was cut off."""
    place = place_of(OPEN, locked_days=0)
    publish(place, NEWEST, manifest=False)
    assert place.ids() == []


def test_the_credential_that_writes_can_neither_read_nor_list(place_of, bucket_server):
    place = place_of(LOCKED)
    publish(place, NEWEST)
    thief = bucket_server.client("writer")
    for look in (
        lambda: thief.get_object(Bucket=LOCKED, Key=f"{place.prefix}{NEWEST}/manifest.json"),
        lambda: thief.list_objects_v2(Bucket=LOCKED),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            look()


def test_nobody_deletes_a_locked_backup(place_of, bucket_server):
    """T141: neither who writes nor who owns the bucket can destroy a version before its month is over."""
    place = place_of(LOCKED)
    publish(place, NEWEST)
    owner = bucket_server.client("owner")
    versions = owner.list_object_versions(Bucket=LOCKED, Prefix=place.prefix)["Versions"]
    assert len(versions) == 2
    for one in versions:
        kept = owner.get_object_retention(Bucket=LOCKED, Key=one["Key"], VersionId=one["VersionId"])[
            "Retention"
        ]
        assert kept["Mode"] == "COMPLIANCE"
        assert timedelta(days=29) < kept["RetainUntilDate"] - now() < timedelta(days=31)
        for person in ("writer", "owner"):
            with pytest.raises(ClientError, match=r"AccessDenied|ObjectLocked|InvalidRequest"):
                bucket_server.client(person).delete_object(
                    Bucket=LOCKED, Key=one["Key"], VersionId=one["VersionId"], BypassGovernanceRetention=True
                )
    place_of(LOCKED).remove(NEWEST)
    still = owner.list_object_versions(Bucket=LOCKED, Prefix=place.prefix)["Versions"]
    assert {one["VersionId"] for one in versions} == {one["VersionId"] for one in still}


def test_a_bucket_that_cannot_lock_is_refused(place_of):
    """A backup that says it is locked and is not would be found out too late."""
    with pytest.raises(PlaceFailed):
        publish(place_of(OPEN), NEWEST)


def test_a_credential_without_the_right_is_said_without_telling_it(place_of, bucket_server):
    with pytest.raises(PlaceFailed, match="did not take the backup") as failed:
        publish(place_of(OPEN, locked_days=0, writer="reader"), NEWEST)
    assert bucket_server.credentials["reader"][1] not in str(failed.value)


def test_a_bucket_out_of_reach_is_said(place_of):
    gone = place_of(OPEN, endpoint="http://127.0.0.1:1", reader=Credential("READER", "hidden-word"))
    with pytest.raises(PlaceFailed, match="out of reach"):
        gone.ids()
    assert "hidden-word" not in repr(gone)


def test_it_warns_of_a_bucket_that_protects_less(place_of, tmp_path):
    assert list(place_of(LOCKED).warnings(tmp_path)) == []
    writer = place_of(OPEN, locked_days=0).writer
    assert len(list(place_of(OPEN, locked_days=0, reader=writer).warnings(tmp_path))) == 2
