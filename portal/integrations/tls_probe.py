"""Shakes hands with the portal's own address as a visitor does: is the certificate good, are old protocols refused?"""

from __future__ import annotations

import socket
import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

_PATIENCE = 10
#: A certificate that ends so soon was not renewed in time.
LEAST_DAYS = 7


@dataclass(frozen=True)
class Handshake:
    """What was found; without a protocol there was no handshake."""

    protocol: str
    days_left: int
    old_refused: bool
    problem: str = ""

    @property
    def good(self) -> bool:
        return not self.problem and self.old_refused and self.days_left >= LEAST_DAYS


def probe(url: str, now: datetime, *, authorities: Path | None = None) -> Handshake:
    """`authorities`: who else is trusted, for a certificate of one's own authority."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    context = ssl.create_default_context(cafile=str(authorities) if authorities else None)
    try:
        with (
            socket.create_connection((host, port), _PATIENCE) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            protocol, certificate = secure.version() or "", secure.getpeercert() or {}
    except ssl.SSLError as failed:
        return Handshake("", 0, old_refused=False, problem=failed.reason or "the handshake failed")
    except OSError as failed:
        return Handshake("", 0, old_refused=False, problem=failed.strerror or "out of reach")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    return Handshake(protocol, (ends - now).days, old_refused=_refuses_old(host, port))


def _refuses_old(host: str, port: int) -> bool:
    """Whether TLS 1.0 and 1.1, offered alone and with whatever ciphers, lead nowhere."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = (
        False,
        ssl.CERT_NONE,
    )  # nothing is sent: only the protocol is asked
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        with socket.create_connection((host, port), _PATIENCE) as plain, context.wrap_socket(plain):
            return False
    except OSError:
        return True
