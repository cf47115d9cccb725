"""Fetches one small document from an address that a customer typed, without ever becoming their way into our network.

https only, a name that resolves to public addresses only, a connection to exactly the address that was checked, no
redirects, five seconds in all, one mebibyte at most.
"""

import io
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from time import monotonic
from urllib.parse import urlsplit

import dns.exception
import dns.resolver

LIMIT = 1024 * 1024
SECONDS = 5.0

#: From a name and the seconds that are left to all of its addresses; raises OSError.
Resolve = Callable[[str, float], list[str]]
#: From a checked address, a port and the seconds that are left to a connection; raises OSError.
Dial = Callable[[str, int, float], socket.socket]

#: Letters and digits in labels, the last one not a number: no address in any of its spellings looks like this.
_NAME = re.compile(
    r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])", re.I
)
#: Public for Python, and yet ways to addresses inside: IPv4 carried in IPv6.
_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
_READ_AT_ONCE = 64 * 1024


class OutboundRefused(Exception):
    """Not fetched; `why` is a short English phrase that says nothing about what else was found there."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def by_dns(name: str, seconds: float) -> list[str]:
    try:
        return list(dns.resolver.Resolver().resolve_name(name, lifetime=seconds).addresses())
    except dns.exception.DNSException as error:
        raise OSError(type(error).__name__) from error


def by_tcp(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True)
class Outbound:
    """`resolve`, `dial` and `trust` are for tests and for a proxy; what is refused does not depend on them."""

    resolve: Resolve = by_dns
    dial: Dial = by_tcp
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def fetch(self, url: str) -> bytes:
        """The body of a 200 answer; raises `OutboundRefused`."""
        name, port, target = _parts(url)
        deadline = monotonic() + SECONDS
        try:
            address = self._checked_address(name, deadline)
            with (
                self.dial(address, port, _left(deadline)) as plain,
                self.trust.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False) as secure,
            ):
                secure.settimeout(_left(deadline))
                secure.do_handshake()
                host = name if port == 443 else f"{name}:{port}"
                secure.sendall(
                    f"GET {target} HTTP/1.0\r\nHost: {host}\r\nAccept: */*\r\n\r\n".encode("ascii")
                )
                return _body(secure, deadline)
        except ssl.SSLCertVerificationError:
            raise OutboundRefused("the server's own certificate is not trusted") from None
        except (OSError, HTTPException, ValueError):
            raise OutboundRefused(
                "the server did not answer in time, or not in a way we understand"
            ) from None

    def _checked_address(self, name: str, deadline: float) -> str:
        """One bad address among good ones is refused too: nobody publishes such a mixture by mistake."""
        addresses = [ipaddress.ip_address(found) for found in self.resolve(name, _left(deadline))]
        if not addresses or not all(map(_is_public, addresses)):
            raise OutboundRefused("the name does not lead to a public address")
        return str(addresses[0])


def _parts(url: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise OutboundRefused("this is not an address") from None
    if parts.scheme != "https":
        raise OutboundRefused("the address does not start with https://")
    name = parts.hostname or ""
    if parts.username is not None or not _NAME.fullmatch(name):
        raise OutboundRefused("the address has no full host name in it")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not re.fullmatch(r"[!-~]+", target):
        raise OutboundRefused("this is not an address")
    return name, port, target


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if address.is_site_local or any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Timed(io.RawIOBase):
    """Reads from a socket until the deadline of the whole fetch, however slowly bytes drip in."""

    def __init__(self, source: ssl.SSLSocket, deadline: float) -> None:
        self._source = source
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks a socket for."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        self._source.settimeout(_left(self._deadline))
        return self._source.recv_into(buffer)  # type: ignore[arg-type]


def _body(secure: ssl.SSLSocket, deadline: float) -> bytes:
    answer = HTTPResponse(_Timed(secure, deadline), method="GET")  # type: ignore[arg-type]
    answer.begin()
    if 300 <= answer.status < 400:
        raise OutboundRefused("the server sends to another address; give that one")
    if answer.status != 200:
        raise OutboundRefused(f"the server answered {answer.status}")
    if (answer.length or 0) > LIMIT:
        raise OutboundRefused("the document is larger than 1 MiB")
    body = bytearray()
    while part := answer.read(_READ_AT_ONCE):
        body += part
        if len(body) > LIMIT:
            raise OutboundRefused("the document is larger than 1 MiB")
    return bytes(body)
