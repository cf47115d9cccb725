"""The certificates that a provider signs with: what an admin compares and is warned about. Nothing trusts them yet."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

#: One in use, and the next one beside it while the provider changes over.
MOST = 2
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_LIMIT = 64 * 1024
_LEAST_RSA_BITS = 2048


class CertificateRefused(Exception):
    """Not a certificate, or one whose signatures would prove nothing; `why` is a short English phrase."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Certificate:
    """`thumbprint` is the SHA-256 that the provider's own pages show, as AB:CD:..."""

    pem: str
    subject: str
    thumbprint: str
    begins_at: datetime
    ends_at: datetime

    def ends_within(self, days: int, *, now: datetime) -> bool:
        return self.ends_at <= now + timedelta(days=days)


def read_certificate(given: str) -> Certificate:
    """One certificate as PEM, or as bare base64 the way metadata holds it; raises `CertificateRefused`."""
    certificate = _load(given)
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < _LEAST_RSA_BITS:
            raise CertificateRefused("the RSA key is shorter than 2048 bits")
    elif not isinstance(key, ec.EllipticCurvePublicKey):
        raise CertificateRefused("the key is neither RSA nor of an elliptic curve")
    return Certificate(
        pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        subject=certificate.subject.rfc4514_string(),
        thumbprint=certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        begins_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
    )


def choose(given: Iterable[str]) -> tuple[Certificate, ...]:
    """Each once, and the newest where a provider publishes more than two; raises `CertificateRefused`."""
    each = {certificate.thumbprint: certificate for certificate in map(read_certificate, given)}
    newest_first = sorted(each.values(), key=lambda certificate: certificate.ends_at, reverse=True)
    return tuple(newest_first[:MOST])


def _load(given: str) -> x509.Certificate:
    if len(given) > _LIMIT:
        raise CertificateRefused("it is too long for one certificate")
    blocks = _BLOCK.findall(given)
    if len(blocks) > 1:
        raise CertificateRefused("there is more than one certificate")
    try:
        raw = base64.b64decode("".join((blocks[0] if blocks else given).split()), validate=True)
        return x509.load_der_x509_certificate(raw)
    except (binascii.Error, ValueError, x509.InvalidVersion):
        raise CertificateRefused("it is not a certificate") from None
