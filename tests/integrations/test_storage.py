"""Files in a folder: whole or not at all, private, and nowhere else."""

import hashlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from portal.integrations.storage import FileBroken, FileMissing, FolderStore, StorageFull, new_key

ACME, BETA = UUID(int=1), UUID(int=2)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def files_under(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file())


def test_it_keeps_and_gives_back(store: FolderStore) -> None:
    key = new_key()
    stored = store.put(ACME, key, b"sealed")
    assert (stored.key, stored.size, stored.sha256) == (key, 6, hashlib.sha256(b"sealed").hexdigest())
    assert store.get(ACME, key, sha256=stored.sha256) == b"sealed"
    assert files_under(store.root) == [Path(str(ACME), str(key)[:2], str(key))]
    assert store.put(ACME, key, b"").size == 0
    assert store.get(ACME, key) == b""


def test_only_the_owner_may_read(store: FolderStore) -> None:
    before = os.umask(0)
    try:
        store.put(ACME, new_key(), b"sealed")
    finally:
        os.umask(before)
    for path in [store.root, *store.root.rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o600 if path.is_file() else 0o700), path


def test_another_company_does_not_find_it(store: FolderStore) -> None:
    """T164: the key alone opens nothing."""
    key = new_key()
    store.put(ACME, key, b"sealed")
    with pytest.raises(FileMissing):
        store.get(BETA, key)


@pytest.mark.parametrize("name", ["../../etc/passwd", "x", "", b"x", 5, None])
def test_no_name_leads_elsewhere(store: FolderStore, name: object) -> None:
    for company, key in ((ACME, name), (name, new_key())):
        with pytest.raises(TypeError, match="UUIDs"):
            store.put(company, key, b"x")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="UUIDs"):
            store.get(company, key)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="UUIDs"):
            store.delete(company, key)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="UUIDs"):
        store.delete_company(name)  # type: ignore[arg-type]


def test_a_changed_file_is_noticed(store: FolderStore) -> None:
    stored = store.put(ACME, new_key(), b"sealed")
    (path,) = files_under(store.root)
    (store.root / path).write_bytes(b"sealeD")
    with pytest.raises(FileBroken):
        store.get(ACME, stored.key, sha256=stored.sha256)


def test_deleting_twice_is_as_good_as_once(store: FolderStore) -> None:
    key = new_key()
    store.put(ACME, key, b"sealed")
    store.delete(ACME, key)
    store.delete(ACME, key)
    store.delete(BETA, key)
    with pytest.raises(FileMissing):
        store.get(ACME, key)


def test_an_erased_company_leaves_nothing_and_takes_nobody_along(store: FolderStore) -> None:
    key = new_key()
    for company in (ACME, BETA):
        store.put(company, key, b"sealed")
    store.delete_company(ACME)
    store.delete_company(ACME)
    assert not (store.root / str(ACME)).exists()
    assert store.get(BETA, key) == b"sealed"


def test_what_a_killed_process_left_is_cleared_away(store: FolderStore) -> None:
    store.put(ACME, new_key(), b"sealed")
    leftover = store.root / ".incoming" / uuid4().hex
    leftover.write_bytes(b"half")
    os.utime(leftover, (1000, 1000))
    fresh = store.root / ".incoming" / uuid4().hex
    fresh.write_bytes(b"half")
    assert store.discard_unfinished(older_than=2000) == 1
    assert not leftover.exists()
    assert fresh.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 KiB; needs the right to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_no_trace(small_disk: Path) -> None:
    """T148: disk full on the upload folder is StorageFull, nothing half-written stays, what was there can be read."""
    store = FolderStore(small_disk / "files")
    kept = store.put(ACME, new_key(), b"x" * 100_000)
    with pytest.raises(StorageFull):
        store.put(ACME, new_key(), b"x" * 300_000)
    assert len(files_under(store.root)) == 1
    assert store.get(ACME, kept.key, sha256=kept.sha256)
    store.put(ACME, new_key(), b"x" * 50_000)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from uuid import UUID
from portal.integrations.storage import FolderStore, StorageFull, new_key
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    FolderStore(Path(sys.argv[1])).put(UUID(int=1), new_key(), b"x" * 200_000)
except StorageFull:
    sys.exit(7)
"""


def test_a_write_that_stops_half_way_leaves_no_trace(tmp_path: Path) -> None:
    """T148, on machines without the right to mount: the kernel stops the write after 64 KiB."""
    assert resource.RLIMIT_FSIZE is not None
    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path / "files")], check=False)
    assert done.returncode == 7
    assert files_under(tmp_path) == []
