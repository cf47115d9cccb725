"""Looks TXT records up in the DNS, and writes domain names the way the DNS keeps them.

The twin for demonstrations reads the records from a file, one `name value` a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import dns.exception
import dns.rdatatype
import dns.resolver
import idna
from dns.rdtypes.ANY.TXT import TXT

#: Of an answer that is larger, the rest is left alone: nobody needs that many records at one name.
_MOST_VALUES = 50


class NoAnswer(Exception):
    """No name server gave a usable answer; the records may be there all the same."""


class TxtLookup(Protocol):
    """Whoever knows the TXT records of the world."""

    def txt(self, name: str) -> list[str]:
        """The values at the name, an empty list when there are none; raises `NoAnswer`."""


@dataclass(frozen=True)
class DnsLookup:
    """Asks the machine's own resolver, or the servers named. Never longer than `patience` seconds in all."""

    servers: Sequence[str] = ()
    port: int = 53
    patience: float = 5

    def txt(self, name: str) -> list[str]:
        """A name that does not exist, and one without TXT records, are both an empty list."""
        try:
            answer = self._resolver().resolve(
                name, dns.rdatatype.TXT, lifetime=self.patience, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NoAnswer(type(error).__name__) from error
        records = [record for record in answer.rrset or () if isinstance(record, TXT)]
        return [b"".join(record.strings).decode("utf-8", "replace") for record in records[:_MOST_VALUES]]

    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self.servers)
        if self.servers:
            resolver.nameservers = list(self.servers)
            resolver.port = self.port
        return resolver


@dataclass(frozen=True)
class FileLookup:
    """The twin: a file of lines `name value`. A missing file is an empty DNS."""

    path: Path

    def txt(self, name: str) -> list[str]:
        if not self.path.is_file():
            return []
        lines = (line.split(maxsplit=1) for line in self.path.read_text("utf-8").splitlines())
        return [line[1].strip() for line in lines if len(line) > 1 and line[0].lower() == name]


def ascii_name(name: str) -> str:
    """`müller.de` as `xn--mller-kva.de`; ValueError when no domain can be called so."""
    try:
        return idna.encode(name, uts46=True, transitional=False).decode("ascii")
    except UnicodeError as error:  # idna.IDNAError is one
        raise ValueError(name) from error


def readable_name(name: str) -> str:
    """`xn--mller-kva.de` as `müller.de`; what cannot be read so stays as it is."""
    try:
        return idna.decode(name)
    except UnicodeError:
        return name
