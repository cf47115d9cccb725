"""Makes the portal's own keys for one provider: with them it signs its requests and opens encrypted answers."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from portal.integrations.sso.saml.parties import KeyPair

_BITS = 3072
#: Providers compare the key and ask nobody else about it; a short life would only lock people out one day.
_LIFETIME = timedelta(days=10 * 365)


def make_key_pair(name: str, *, now: datetime) -> KeyPair:
    """A new RSA key with a certificate signed by itself; `name` is what the provider's admin sees."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFETIME)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode())
