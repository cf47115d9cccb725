"""Joins programs, archives and seals into one stream, so that nothing unsealed touches a disk and no error is lost."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

_LAST_WORDS = 600


class ProgramFailed(Exception):
    """A program of the chain ended badly, or could not be started; the message has its last words."""


class Counted:
    """A stream that knows how many bytes went through it, and their SHA-256."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        return self._note(self._stream.read(size))

    def write(self, content: bytes) -> int:
        self._stream.write(content)
        return len(self._note(content))

    def flush(self) -> None:
        self._stream.flush()

    def _note(self, content: bytes) -> bytes:
        self._hash.update(content)
        self.size += len(content)
        return content


@contextmanager
def output_of(command: list[str], environment: Mapping[str, str]) -> Iterator[IO[bytes]]:
    """What the program writes. The block ends well only if the program did, whatever it had written by then."""
    with tempfile.TemporaryFile() as complaints, _started(command, environment, complaints) as process:
        assert process.stdout is not None  # noqa: S101
        yield process.stdout
        process.stdout.close()
        _need_good_end(command, process, complaints)


@contextmanager
def input_of(command: list[str], environment: Mapping[str, str]) -> Iterator[IO[bytes]]:
    """What the program reads. A program that ended early is reported by its own words, not as a broken pipe."""
    with tempfile.TemporaryFile() as complaints, _started(command, environment, complaints) as process:
        assert process.stdin is not None  # noqa: S101
        try:
            yield process.stdin
            with suppress(BrokenPipeError):
                process.stdin.close()
        except OSError:
            _need_good_end(command, process, complaints)
            raise
        _need_good_end(command, process, complaints)


@contextmanager
def written_by(produce: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """What `produce` writes in a thread of its own; its failure becomes the block's."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(writing, "wb") as stream:
                produce(stream)
        except BaseException as failed:  # noqa: BLE001 - raised below, in the thread that waits
            failures.append(failed)

    thread = threading.Thread(target=work, name="archive")
    thread.start()
    try:
        with os.fdopen(reading, "rb") as stream:
            yield stream
    finally:
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def read_by(consume: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Hands what is written to `consume` in a thread of its own; its failure becomes the block's."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(reading, "rb") as stream:
                consume(stream)
                while stream.read(1 << 16):
                    pass  # an archive may end before its padding does
        except BaseException as failed:  # noqa: BLE001 - raised below, in the thread that waits
            failures.append(failed)

    thread = threading.Thread(target=work, name="archive")
    thread.start()
    try:
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as stream:
            yield stream
    finally:
        thread.join()
        if failures and not isinstance(failures[0], BrokenPipeError):
            raise failures[0]


@contextmanager
def _started(
    command: list[str], environment: Mapping[str, str], complaints: IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=dict(environment),
            cwd="/",
        )
    except OSError as failed:
        raise ProgramFailed(f"{command[0]} could not be started: {failed.strerror}") from failed
    try:
        yield process
    finally:
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        if process.poll() is None:
            process.kill()
        process.wait()


def _need_good_end(command: list[str], process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
    code = process.wait()
    if code == 0:
        return
    complaints.seek(0)
    said = complaints.read().decode(errors="replace").strip()[-_LAST_WORDS:]
    raise ProgramFailed(f"{os.path.basename(command[0])} ended with {code}: {said or 'it said nothing'}")
