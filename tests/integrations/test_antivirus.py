"""The scanner's verdicts, from a real clamd and from ends that behave badly."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.antivirus_settings import scanner
from portal.config import Settings
from portal.integrations.antivirus import Clamd, Clean, Infected, NoScanner, Unscanned
from portal.integrations.antivirus.clamd import _signatures_of
from portal.setting_error import SettingError
from tests.fixtures.scanner import MOST_BYTES, VIRUS, VIRUS_NAME, Daemon
from tests.fixtures.tls import server_context, server_keys


def test_what_is_found_is_named_and_what_is_clean_passes(clamd: Daemon) -> None:
    """T163."""
    assert clamd.scanner.scan(b"Nothing to see.") == Clean()
    assert clamd.scanner.scan(b"x" * 200_000 + VIRUS) == Infected(VIRUS_NAME)
    assert clamd.scanner.scan(b"") == Clean()


def test_over_its_limit_it_knows_nothing(clamd: Daemon) -> None:
    """T163: "size limit exceeded" is no clean bill, even when the virus stood at the beginning."""
    verdict = clamd.scanner.scan(VIRUS + b"x" * (3 * MOST_BYTES))
    assert isinstance(verdict, Unscanned)
    assert verdict.this_file


def test_its_health_is_that_it_finds_something(clamd: Daemon) -> None:
    health = clamd.scanner.health()
    assert health is not None
    assert health.finds
    assert health.version.startswith("ClamAV")


def test_away_or_frozen_it_has_said_nothing(clamd: Daemon, tmp_path: Path) -> None:
    """T163."""
    away = Clamd(path=str(tmp_path / "nobody.sock"))
    assert isinstance(away.scan(b"x"), Unscanned)
    assert away.health() is None


@contextmanager
def end(answer: Callable[[socket.socket], None], *, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """One that answers as it likes, on a port of loopback."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                there, _ = listening.accept()
                with suppress(OSError), there:
                    if context is None:
                        answer(there)
                    else:
                        with context.wrap_socket(there, server_side=True) as secured:
                            answer(secured)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def heard(there: socket.socket) -> bytes:
    """All of a stream, as the protocol of clamd has it."""
    file = there.makefile("rb")
    assert file.read(10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack(">I", file.read(4))[0]:
        content += file.read(size)
    return content


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (b"stream: OK\0", Clean()),
        (b"stream: Win.Test FOUND\0", Infected("Win.Test")),
        (
            b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
            Unscanned("Heuristics.Limits.Exceeded.MaxFileSize", this_file=True),
        ),
        (
            b"INSTREAM size limit exceeded. ERROR\0",
            Unscanned("INSTREAM size limit exceeded. ERROR", this_file=True),
        ),
        (b"stream: Can't allocate memory ERROR\0", Unscanned("stream: Can't allocate memory ERROR")),
        (b"OK\0", Unscanned("OK")),
        (b"stream: OK maybe\0", Unscanned("stream: OK maybe")),
        (b"stream:  FOUND\0", Unscanned("stream:  FOUND")),
        (b"UNKNOWN COMMAND\0", Unscanned("UNKNOWN COMMAND")),
        (b"", Unscanned("hung up without a word")),
        (b"\xff\xfe" * 5000, Unscanned(("\ufffd" * 2 * 5000)[:4096])),
    ],
)
def test_only_a_plain_answer_counts(said: bytes, verdict: object) -> None:
    """T163: whatever else a scanner says, the file was not scanned."""

    def answer(there: socket.socket) -> None:
        assert heard(there) == b"some file"
        there.sendall(said)

    with end(answer) as port:
        found = Clamd(host="127.0.0.1", port=port).scan(b"some file")
    if isinstance(verdict, Unscanned) and len(said) > 4096:
        assert isinstance(found, Unscanned)
    else:
        assert found == verdict


def test_one_that_never_answers_is_left_in_time() -> None:
    """Drop by drop does not keep it alive: the time is for all of the scan."""

    def drip(there: socket.socket) -> None:
        heard(there)
        for _ in range(40):
            there.sendall(b"x")
            time.sleep(0.1)

    with end(drip) as port:
        began = time.monotonic()
        verdict = Clamd(host="127.0.0.1", port=port, seconds=0.5).scan(b"some file")
        assert isinstance(verdict, Unscanned)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(("name", "good"), [("localhost", True), ("other.example", False)])
def test_over_tls_the_other_end_shows_who_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, good: bool
) -> None:
    server_keys(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    seen: list[bytes] = []

    def answer(there: socket.socket) -> None:
        seen.append(heard(there))
        there.sendall(b"stream: OK\0")

    with end(answer, context=server_context(tmp_path)) as port:
        verdict = Clamd(host="localhost", port=port, tls=True).scan(b"some file")
    assert (verdict == Clean()) is good
    assert seen == ([b"some file"] if good else [])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", NoScanner()),
        ("off", NoScanner()),
        ("unix:/run/clamav/clamd.ctl", Clamd(path="/run/clamav/clamd.ctl")),
        ("tcp://127.0.0.1:3310", Clamd(host="127.0.0.1", port=3310)),
        ("tcp://[::1]:3310", Clamd(host="::1", port=3310)),
        ("tls://scanner.example:3311", Clamd(host="scanner.example", port=3311, tls=True)),
    ],
)
def test_where_it_is_comes_from_one_setting(given: str, expected: object) -> None:
    assert scanner({"STAFFROOM_ANTIVIRUS": given}) == expected
    assert (
        Settings.from_environ({"STAFFROOM_MODE": "test", "STAFFROOM_ANTIVIRUS": given}).antivirus == expected
    )


@pytest.mark.parametrize(
    "given",
    [
        *(
            "on",
            "tcp://10.0.0.5:3310",
            "tcp://scanner:3310",
            "tcp://127.0.0.1",
            "tls://scanner",
            "tls://:3311",
        ),
        *("unix:clamd.ctl", "unix://host/clamd.ctl", "tcp://127.0.0.1:99999", "https://127.0.0.1:3310"),
        "tcp://127.0.0.1:3310/x",
    ],
)
def test_files_never_travel_in_the_clear(given: str) -> None:
    with pytest.raises(SettingError, match="STAFFROOM_ANTIVIRUS"):
        scanner({"STAFFROOM_ANTIVIRUS": given})


def test_the_day_of_the_signatures_is_read_where_it_is_told() -> None:
    assert _signatures_of("ClamAV 1.4.6/27456/Fri Nov 27 09:31:05 2026") == datetime(
        2026, 11, 27, 9, 31, 5, tzinfo=UTC
    )
    assert _signatures_of("ClamAV 1.4.6") is None
