"""The embedded server's files: the data directory, who may connect to it, the certificate and the passwords."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal.embedded.errors import EmbeddedPostgresError
from portal.embedded.launcher import Launcher

LOOPBACK = "127.0.0.1"
SUPERUSER = "postgres"
ROLES = ("staffroom_owner", "staffroom_app", "staffroom_support", "staffroom_backup")
#: Longer than any server runs: a new certificate is made at every start.
CERTIFICATE_DAYS = 3650
#: Only over TLS, only from this machine, only with a password.
WHO_MAY_CONNECT = f"hostssl all all {LOOPBACK}/32 scram-sha-256\n"


def passwords(file: Path) -> dict[str, str]:
    """Each role's password, made on the first start and kept where only its owner can read it.

    A role that a later version brought gets its own beside those that are there.
    """
    kept: dict[str, str] = json.loads(file.read_bytes()) if file.exists() else {}
    missing = [role for role in (SUPERUSER, *ROLES) if role not in kept]
    if missing:
        kept |= {role: secrets.token_urlsafe(32) for role in missing}
        write_private(file, json.dumps(kept, indent=1).encode())
    return kept


def create(data: Path, *, binaries: Path, launcher: Launcher, password: str, durable: bool) -> None:
    """Makes the data directory under another name first: an interrupted attempt is swept away by the next."""
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    launcher.give(draft)
    with tempfile.NamedTemporaryFile() as file:  # mode 600
        file.write(password.encode())
        file.flush()
        launcher.give(Path(file.name))
        command = launcher.short(
            binaries / "initdb",
            *("-D", draft, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={file.name}"),
            *("-k", "-E", "UTF8", "--locale=C.UTF-8"),
            *(() if durable else ("--no-sync",)),
        )
        _initdb(command)
    draft.rename(data)
    if durable:
        _sync(data.parent)


def _initdb(command: list[str]) -> None:
    """With ICU, so that names sort as people expect; the pip package's build does not have it."""
    with_icu = [*command, "--locale-provider=icu", "--icu-locale=und"]
    answer = _run(with_icu)
    if answer.returncode != 0 and "ICU is not supported" in answer.stderr:
        answer = _run(command)
    if answer.returncode != 0:
        raise EmbeddedPostgresError(
            f"PostgreSQL could not create its data directory: {answer.stderr.strip()}"
        )


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    # The current folder may be one that the programs' user cannot enter.
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=environment())


def environment() -> dict[str, str]:
    """Without the caller's PG* variables and language: messages are read by this package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C.UTF-8"}


def protect(data: Path, launcher: Launcher) -> None:
    """Writes who may connect, and a fresh certificate that is its own authority (verify-full)."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files = {
        "pg_hba.conf": WHO_MAY_CONNECT.encode(),
        "server.key": private,
        "server.crt": _certificate(key).public_bytes(serialization.Encoding.PEM),
    }
    for name, content in files.items():
        write_private(data / name, content)
        launcher.give(data / name)


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Staffroom embedded database")])
    today = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - TLS checks against real time
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=CERTIFICATE_DAYS))
        .add_extension(address, critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def write_private(file: Path, content: bytes) -> None:
    """All of it or nothing, readable by its owner alone from the first moment."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(file)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
