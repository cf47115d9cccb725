"""The closed box around an archive: a readable line, then AES-256-GCM in pieces. Knows nothing of what is inside.

Each piece is bound to the line, to its number and to whether it is the last one, so that pieces can be neither
altered, moved, dropped nor cut off at the end. The key comes from a generated passphrase of 160 bits: there is nothing
to guess, so nothing slow is needed. docs/archive-format.md says the same for whoever reads archives without us.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE = 1024 * 1024
_TAG = 16
_LONGEST_LINE = 8192
_INFO = b"staffroom|archive|1"
_LENGTH = struct.Struct(">I")


class ArchiveBroken(Exception):
    """Not an archive, a cut or altered one, or another passphrase."""


def new_passphrase() -> str:
    """32 letters and digits in groups of four."""
    text = base64.b32encode(secrets.token_bytes(20)).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


class BoxWriter(io.RawIOBase):
    """Takes plain bytes and writes closed pieces to `target`; `close` writes the last one."""

    def __init__(self, target: Any, line: dict[str, Any], passphrase: str) -> None:
        super().__init__()
        salt = secrets.token_bytes(16)
        text = json.dumps({**line, "salt": base64.b64encode(salt).decode()}, sort_keys=True).encode() + b"\n"
        self._target, self._held, self._number = target, bytearray(), 0
        self._cipher, self._bound = AESGCM(_key(passphrase, salt)), hashlib.sha256(text).digest()
        target.write(text)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._held), last=True)
        super().close()

    def _put(self, plain: bytes, *, last: bool) -> None:
        closed = self._cipher.encrypt(*_place(self._number, plain, self._bound, last=last))
        self._target.write(_LENGTH.pack(len(closed)) + closed)
        self._number += 1


class BoxReader(io.RawIOBase):
    """Gives the plain bytes back; the end is only reached when the last piece was there."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        super().__init__()
        text = source.readline(_LONGEST_LINE)
        self.line = read_line(text)
        salt = base64.b64decode(self.line["salt"])
        self._cipher, self._bound = AESGCM(_key(passphrase, salt)), hashlib.sha256(text).digest()
        self._pieces, self._held = self._read(source), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._held = piece
        taken = self._held[: len(buffer)]
        buffer[: len(taken)] = taken
        self._held = self._held[len(taken) :]
        return len(taken)

    def _read(self, source: BinaryIO) -> Iterator[bytes]:
        number, head = 0, source.read(_LENGTH.size)
        while head:
            if len(head) != _LENGTH.size or not _TAG <= _LENGTH.unpack(head)[0] <= PIECE + _TAG:
                raise ArchiveBroken("the file is cut off or altered")
            closed, head = source.read(_LENGTH.unpack(head)[0]), source.read(_LENGTH.size)
            try:
                yield self._cipher.decrypt(*_place(number, closed, self._bound, last=not head))
            except InvalidTag:
                why = "the passphrase is another one, or the file was altered"
                raise ArchiveBroken(why if number == 0 else "the file is cut off or altered") from None
            number += 1
        if number == 0:
            raise ArchiveBroken("the file is cut off or altered")


def read_line(text: bytes) -> dict[str, Any]:
    """The readable line at the beginning: which format, which version, whose signature."""
    try:
        line = json.loads(text)
        if not isinstance(line, dict) or not isinstance(line["staffroom_archive"], int):
            raise TypeError
        base64.b64decode(line["salt"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise ArchiveBroken("this is not an archive of Staffroom") from None
    return line


def _place(number: int, content: bytes, bound: bytes, *, last: bool) -> tuple[bytes, bytes, bytes]:
    """Nonce, content and what it is bound to. The key is used for one archive, so numbers may serve as nonces."""
    return number.to_bytes(12, "big"), content, bound + bytes([last])


def _key(passphrase: str, salt: bytes) -> bytes:
    typed = "".join(passphrase.split()).replace("-", "").upper().encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=_INFO).derive(typed)
