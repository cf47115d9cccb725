"""Mail against a real SMTP server with TLS and sign-in, certified by an authority made for the test."""

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.integrations.mail import Mail, MailFailed, OutboxOnly, SmtpSender, compose
from tests.fixtures.ports import free_port

WRITTEN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
OUTBOX_ID = UUID(int=7)
SENDER = "Staffroom <no-reply@staff.example.com>"


def mail(**changed: Any) -> Mail:
    fields: dict[str, Any] = {
        "outbox_id": OUTBOX_ID,
        "to": "eve@acme.example",
        "to_name": "Eve Žižková",
        "subject": "Schváleno: 4.–8. května",
        "text": "Dobrý den, Eve,\n\nhttps://staff.example.com/x\n",
        "written_at": WRITTEN,
    }
    return Mail(**fields | changed)


def test_the_headers_are_what_they_should_be() -> None:
    message = compose(mail(html="<p>Dobrý den</p>"), sender=SENDER)
    assert message["Message-ID"] == "<00000000-0000-0000-0000-000000000007@staff.example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert message["From"] == SENDER
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert compose(mail(), sender=SENDER)["Message-ID"] == message["Message-ID"]


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x00", "\x0b"])
def test_a_line_break_in_a_name_or_subject_makes_no_header(line_break: str) -> None:
    """CRLF in a name or subject: neither a second header nor a second receiver."""
    hostile = f"Eve{line_break}Bcc: all@example.com"
    message = compose(mail(to_name=hostile, subject=hostile), sender=SENDER)
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    assert parsed["Bcc"] is None
    assert len(parsed["To"].addresses) == 1
    assert parsed["Subject"] == "Eve Bcc: all@example.com"


@pytest.mark.parametrize(
    "address",
    [
        "eve@acme.example\r\nBcc: all@example.com",
        "eve\n@acme.example",
        "eve@acme.example\x00",
        "eve",
        "",
        "@acme.example",
        "eve@",
        "eve@acme..example",
        "eve@acme.example, all@example.com",
        "eve@acme.example>, <all@example.com",
        "eve ana@acme.example",
    ],
)
def test_an_address_that_is_none_is_refused_for_good(address: str) -> None:
    """CRLF in an e-mail address, or two addresses in one."""
    with pytest.raises(MailFailed) as failed:
        compose(mail(to=address), sender=SENDER)
    assert failed.value.permanent
    assert address not in str(failed.value) or not address


def test_a_comma_or_quote_in_a_name_stays_in_the_name() -> None:
    message = compose(mail(to_name='Eve, "all@example.com" <x@y.example>'), sender=SENDER)
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    assert [address.addr_spec for address in parsed["To"].addresses] == ["eve@acme.example"]


@dataclass
class Authority:
    """A certificate authority for one test run, and server certificates from it."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        certificate = (
            self._builder(self.subject, self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        self.file = self.folder / f"{self.name}.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server_context(self, host: str) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        alternative: x509.GeneralName = x509.DNSName(host)
        if host[0].isdigit():
            alternative = x509.IPAddress(ipaddress.ip_address(host))
        certificate = (
            self._builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key)
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        chain = self.folder / f"{self.name}-{host}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        today = dt.datetime.now(dt.UTC)  # noqa: TID251 - TLS checks certificates against the machine's clock.
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(today - dt.timedelta(days=1))
            .not_valid_after(today + dt.timedelta(days=1))
        )


class Mailbox:
    """What the server takes, and for whom it does not."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.after_data = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name is the library's.
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 no such person gone@acme.example"
        if address.startswith("later"):
            return "451 4.7.1 greylisted, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - as above.
        if self.after_data.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=default))
        return self.after_data


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"portal", b"right")
    return AuthResult(success=good, handled=good)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "ours")


@dataclass
class Server:
    mailbox: Mailbox
    port: int


def serve(context: ssl.SSLContext | None, **options: Any) -> Iterator[Server]:
    port = free_port()
    mailbox = Mailbox()
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=context is not None,
        authenticator=authenticate, auth_required=context is not None, **options,
    )  # fmt: skip
    controller.start()
    yield Server(mailbox, port)
    controller.stop()


@pytest.fixture
def server(authority: Authority) -> Iterator[Server]:
    yield from serve(authority.server_context("127.0.0.1"))


def sender(server: Server, authority: Authority, **changed: Any) -> SmtpSender:
    fields: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "username": "portal",
        "password": "right",
        "sender": SENDER,
        "cafile": str(authority.file),
        "timeout": 5,
    }
    return SmtpSender(**fields | changed)


def test_it_delivers_over_starttls(server: Server, authority: Authority) -> None:
    assert sender(server, authority).send(mail()) == f"<{OUTBOX_ID}@staff.example.com>"
    (received,) = server.mailbox.received
    assert received["Subject"] == "Schváleno: 4.–8. května"
    assert received["To"].addresses[0].display_name == "Eve Žižková"
    assert received.get_content().replace("\r\n", "\n") == mail().text


def test_it_delivers_over_tls_from_the_first_byte(authority: Authority) -> None:
    context = authority.server_context("127.0.0.1")
    port = free_port()
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ssl_context=context)
    controller.start()
    try:
        outgoing = sender(Server(mailbox, port), authority, tls="tls", username=None, password=None)
        outgoing.send(mail())
    finally:
        controller.stop()
    assert len(mailbox.received) == 1


def test_a_domain_in_another_script_is_spelled_for_the_network(server: Server, authority: Authority) -> None:
    sender(server, authority).send(mail(to="eve@bücher.example"))
    assert server.mailbox.received[0]["To"].addresses[0].domain == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("to", "code", "permanent"), [("gone@acme.example", "550", True), ("later@acme.example", "451", False)]
)
def test_it_tells_a_refusal_for_good_from_one_for_now(
    server: Server, authority: Authority, to: str, code: str, permanent: bool
) -> None:
    with pytest.raises(MailFailed) as failed:
        sender(server, authority).send(mail(to=to))
    assert (failed.value.permanent, failed.value.code) == (permanent, code)
    assert to not in repr(failed.value)
    assert failed.value.__suppress_context__


@pytest.mark.parametrize(("answer", "permanent"), [("554 spam", True), ("452 disk full", False)])
def test_a_refused_text_is_told_apart_too(
    server: Server, authority: Authority, answer: str, permanent: bool
) -> None:
    server.mailbox.after_data = answer
    with pytest.raises(MailFailed) as failed:
        sender(server, authority).send(mail())
    assert failed.value.permanent is permanent


def test_a_bad_password_is_our_fault_and_not_the_mails(server: Server, authority: Authority) -> None:
    with pytest.raises(MailFailed) as failed:
        sender(server, authority, password="wrong").send(mail())
    assert not failed.value.permanent
    assert "wrong" not in repr(sender(server, authority, password="wrong"))
    assert server.mailbox.received == []


def test_a_certificate_of_another_authority_is_refused(
    server: Server, tmp_path: Path, authority: Authority
) -> None:
    """P9: a wrong CA is refused before the password is sent."""
    stranger = Authority(tmp_path, "theirs")
    for cafile in (str(stranger.file), None):
        with pytest.raises(MailFailed) as failed:
            sender(server, authority, cafile=cafile).send(mail())
        assert failed.value.code == "SSLCertVerificationError"
    assert server.mailbox.received == []


def test_a_certificate_for_another_host_is_refused(authority: Authority) -> None:
    """P9: trusted authority, wrong name."""
    for other in serve(authority.server_context("mail.example.com")):
        with pytest.raises(MailFailed) as failed:
            sender(other, authority).send(mail())
        assert failed.value.code == "SSLCertVerificationError"


def test_a_server_without_starttls_gets_nothing(authority: Authority) -> None:
    """P9: an offer of TLS stripped on the way ends the attempt; neither password nor mail goes in the clear."""
    for plain in serve(None):
        with pytest.raises(MailFailed) as failed:
            sender(plain, authority).send(mail())
        assert failed.value.code == "SMTPNotSupportedError"
        assert plain.mailbox.received == []


def test_there_is_no_plain_way(authority: Authority) -> None:
    with pytest.raises(ValueError, match="no plain way"):
        SmtpSender("127.0.0.1", 25, None, None, SENDER, tls="none")  # type: ignore[arg-type]


def test_a_server_that_is_away_may_be_back_later(authority: Authority) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        away = Server(Mailbox(), silent.getsockname()[1])
        with pytest.raises(MailFailed) as failed:
            sender(away, authority, timeout=0.2).send(mail())
    assert not failed.value.permanent
    with pytest.raises(MailFailed) as failed:
        sender(away, authority, timeout=0.2).send(mail())
    assert not failed.value.permanent


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "username"),
    [
        ("smtp://portal@mail.example.com", "mail.example.com", 587, "starttls", "portal"),
        ("smtps://mail.example.com", "mail.example.com", 465, "tls", None),
        ("smtp://po%40rtal@mail.example.com:2525", "mail.example.com", 2525, "starttls", "po@rtal"),
    ],
)
def test_it_is_made_from_its_setting(url: str, host: str, port: int, tls: str, username: str | None) -> None:
    made = SmtpSender.from_url(url, password="right", sender=SENDER)
    assert (made.host, made.port, made.tls, made.username) == (host, port, tls, username)


def test_without_a_server_the_mail_stays() -> None:
    assert OutboxOnly().send(mail()) is None
