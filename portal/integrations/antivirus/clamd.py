"""Speaks with clamd, the daemon of ClamAV: the file goes over its socket, nothing is written where it could read it.

Whatever is not a plain "OK" or a plain "FOUND" is no answer: the file counts as not scanned.
"""

from __future__ import annotations

import socket
import ssl
import struct
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.integrations.antivirus.scanner import TEST_FILE, Clean, Health, Infected, Unscanned, Verdict

_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
#: What clamd calls it when it stopped before the end of a file (AlertExceedsMax): no finding, and no clean bill.
_LIMITS = "Heuristics.Limits.Exceeded"


class _Silent(Exception):
    """No answer within the time."""


@dataclass(frozen=True)
class Clamd:
    """`path` of a Unix socket, or `host` and `port`; with `tls` the other end must show a good certificate."""

    path: str | None = None
    host: str = ""
    port: int = 0
    tls: bool = False
    #: All of a scan, in seconds: while somebody waits for the page, and when nobody does.
    seconds: float = 8
    patient_seconds: float = 120
    on: bool = True

    def scan(self, content: bytes, *, patient: bool = False) -> Verdict:
        try:
            answer = self._ask(b"zINSTREAM\0", content, self.patient_seconds if patient else self.seconds)
        except (OSError, _Silent) as failed:
            return Unscanned(f"{type(failed).__name__}: {failed}")
        return _verdict(answer)

    def health(self) -> Health | None:
        """None when it does not answer. One without signatures says OK to everything: it has to find something."""
        try:
            version = self._ask(b"zVERSION\0", None, self.seconds)
        except (OSError, _Silent):
            return None
        finds = isinstance(self.scan(TEST_FILE), Infected) and self.scan(b"harmless") == Clean()
        return Health(version, finds, _signatures_of(version))

    def _ask(self, command: bytes, content: bytes | None, seconds: float) -> str:
        until = time.monotonic() + seconds
        with self._connected(until) as there:
            try:
                there.sendall(command)
                if content is not None:
                    _send(there, content, until)
            except OSError:
                # Over its limit clamd answers and hangs up while we still send: the answer counts.
                answer = _answer(there, until)
                if not answer:
                    raise
                return answer
            return _answer(there, until)

    def _connected(self, until: float) -> socket.socket:
        if self.path is not None:
            plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            plain.settimeout(_left(until))
            try:
                plain.connect(self.path)
            except OSError:
                plain.close()
                raise
            return plain
        plain = socket.create_connection((self.host, self.port), timeout=_left(until))
        if not self.tls:
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


def _send(there: socket.socket, content: bytes, until: float) -> None:
    for start in range(0, len(content), _CHUNK):
        chunk = content[start : start + _CHUNK]
        there.settimeout(_left(until))
        there.sendall(struct.pack(">I", len(chunk)) + chunk)
    there.sendall(struct.pack(">I", 0))


def _answer(there: socket.socket, until: float) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < _LONGEST_ANSWER:
        there.settimeout(_left(until))
        more = there.recv(_LONGEST_ANSWER)
        if not more:
            break
        heard += more
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise _Silent("no answer in time")
    return left


def _verdict(answer: str) -> Verdict:
    said = answer.removeprefix("stream: ")
    if said == "OK" and said != answer:
        return Clean()
    found, separator, rest = said.rpartition(" FOUND")
    if separator and not rest and found and said != answer:
        return Unscanned(found, this_file=True) if found.startswith(_LIMITS) else Infected(found[:200])
    return Unscanned(answer or "hung up without a word", this_file="size limit exceeded" in answer)


def _signatures_of(version: str) -> datetime | None:
    """ClamAV 1.4.6/27456/Fri Nov 27 09:31:05 2026"""
    try:
        return datetime.strptime(version.split("/")[2], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except (IndexError, ValueError):
        return None
