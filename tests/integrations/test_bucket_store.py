"""Files in a bucket, on a real S3 server: whole or not at all, of one company, and gone when deleted."""

from __future__ import annotations

import hashlib
import io
import tarfile
from dataclasses import replace
from uuid import UUID

import pytest

from portal.integrations.bucket_store import BucketStore
from portal.integrations.s3 import Bucket, Credential
from portal.integrations.storage import (
    FileBroken,
    FileMissing,
    FolderStore,
    StorageUnavailable,
    fill,
    new_key,
)
from portal.services.backups.restoring import unpack
from tests.fixtures.bucket import OPEN

ACME, BETA = UUID(int=1), UUID(int=2)


@pytest.fixture
def store(bucket_server, request) -> BucketStore:
    credential = Credential(*bucket_server.credentials["owner"])
    return BucketStore(Bucket(OPEN, f"{request.node.name}/", credential, bucket_server.endpoint))


def test_it_keeps_and_gives_back(store):
    key = new_key()
    stored = store.put(ACME, key, b"sealed")
    assert (stored.key, stored.size, stored.sha256) == (key, 6, hashlib.sha256(b"sealed").hexdigest())
    assert store.get(ACME, key, sha256=stored.sha256) == b"sealed"
    with pytest.raises(FileBroken):
        store.get(ACME, key, sha256="0" * 64)


def test_another_company_does_not_find_it(store):
    """T164: the key alone opens nothing."""
    key = new_key()
    store.put(ACME, key, b"sealed")
    with pytest.raises(FileMissing):
        store.get(BETA, key)
    with pytest.raises(TypeError, match="UUIDs"):
        store.get(BETA, f"../{ACME}/{key}")


def test_a_deleted_file_leaves_no_version(store, bucket_server):
    """Also where somebody has switched versions on; deleting twice is as good as once."""
    owner = bucket_server.client("owner")
    owner.put_bucket_versioning(Bucket=OPEN, VersioningConfiguration={"Status": "Enabled"})
    try:
        key, other = new_key(), new_key()
        for content in (b"first", b"second"):
            store.put(ACME, key, content)
        store.put(ACME, other, b"stays")
        for _ in range(2):
            store.delete(ACME, key)
        found = owner.list_object_versions(Bucket=OPEN, Prefix=store.bucket.prefix)
        assert [one["Key"].rpartition("/")[2] for one in found["Versions"]] == [str(other)]
        assert not found.get("DeleteMarkers")
    finally:
        owner.put_bucket_versioning(Bucket=OPEN, VersioningConfiguration={"Status": "Suspended"})


def test_an_erased_company_leaves_nothing_and_takes_nobody_along(store):
    mine, theirs = {new_key() for _ in range(3)}, new_key()
    for key in mine:
        store.put(ACME, key, b"sealed")
    store.put(BETA, theirs, b"sealed")
    assert set(store.keys(ACME)) == mine
    assert set(store.all_files()) == {(ACME, key) for key in mine} | {(BETA, theirs)}
    store.delete_company(ACME)
    assert list(store.all_files()) == [(BETA, theirs)]


def test_files_of_a_backup_come_back_into_it(store, tmp_path):
    """From a restored folder, and from the archive that `flask backup extract` makes."""
    folder, first, second = FolderStore(tmp_path / "files"), new_key(), new_key()
    folder.put(ACME, first, b"of the folder")
    assert fill(store, folder) == 1
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo(f"{BETA}/{second}")
        entry.size = 14
        archive.addfile(entry, io.BytesIO(b"of the archive"))
    packed.seek(0)
    unpack(store)(packed)
    assert store.get(ACME, first) == b"of the folder"
    assert store.get(BETA, second) == b"of the archive"


def test_a_wrong_credential_and_a_silent_server_are_told_apart_from_a_missing_file(store):
    wrong = Credential(store.bucket.credential.key_id, "wrong")
    with pytest.raises(StorageUnavailable, match="SignatureDoesNotMatch"):
        BucketStore(replace(store.bucket, credential=wrong)).get(ACME, new_key())
    with pytest.raises(StorageUnavailable, match="EndpointConnectionError"):
        BucketStore(replace(store.bucket, endpoint="http://127.0.0.1:9")).put(ACME, new_key(), b"sealed")
