"""Sends one e-mail: by SMTP, always over verified TLS, or nowhere, so that it stays in the local outbox."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal, Protocol, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
# RFC 5321: words joined by dots, and the labels of a host name.
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_WORD}(\.{_WORD})*")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
_PERMANENT = range(500, 600)
_TOO_LARGE = 552
_PORTS = {"tls": 465, "starttls": 587}


class MailFailed(Exception):
    """The mail did not go out. `permanent`: the receiver's side refuses it for good, so do not try again."""

    def __init__(self, *, permanent: bool, code: str) -> None:
        super().__init__(f"mail not sent ({code})")
        self.permanent = permanent
        self.code = code


@dataclass(frozen=True)
class Mail:
    """One letter to one person. `outbox_id` makes the Message-ID: a mail sent twice is recognised as one."""

    outbox_id: UUID
    to: str
    to_name: str
    subject: str
    text: str
    written_at: datetime
    html: str | None = None


class MailSender(Protocol):
    """Whoever takes a mail of the outbox and hands it to a mail server."""

    def send(self, mail: Mail) -> str | None:
        """The Message-ID, or None when the mail never left; raises `MailFailed`. Delivery is at least once."""


@dataclass(frozen=True)
class OutboxOnly:
    """The twin without a server: the mail stays in the outbox, where the demo shows it."""

    def send(self, mail: Mail) -> str | None:
        return None


@dataclass(frozen=True)
class SmtpSender:
    """One connection per mail. `sender` is "Staffroom <no-reply@example.com>"; `cafile` is for a private CA."""

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    sender: str
    tls: Literal["starttls", "tls"] = "starttls"
    cafile: str | None = None
    timeout: float = 10

    def __post_init__(self) -> None:
        if self.tls not in _PORTS:
            raise ValueError("Mail goes over TLS or STARTTLS; there is no plain way.")

    @classmethod
    def from_url(cls, url: str, *, password: str | None, sender: str, cafile: str | None = None) -> Self:
        """smtp://name@host:587 means STARTTLS, smtps://name@host:465 means TLS from the first byte."""
        parts = urlsplit(url)
        tls: Literal["starttls", "tls"] = "tls" if parts.scheme == "smtps" else "starttls"
        return cls(
            host=parts.hostname or "",
            port=parts.port or _PORTS[tls],
            username=unquote(parts.username) if parts.username else None,
            password=password or (unquote(parts.password) if parts.password else None),
            sender=sender,
            tls=tls,
            cafile=cafile,
        )

    def send(self, mail: Mail) -> str | None:
        message = compose(mail, sender=self.sender)
        with _failures_told_apart(), self._connection() as server:
            server.send_message(message)
        return str(message["Message-ID"])

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context(cafile=self.cafile)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        with server:
            if self.tls == "starttls":
                # Raises where the server offers none, also when someone between us has removed the offer.
                server.starttls(context=context)
            if self.username is not None:
                server.login(self.username, self.password or "")
            yield server


def compose(mail: Mail, *, sender: str) -> EmailMessage:
    """The message with its headers. Names and subjects lose control characters; an address with one is refused."""
    message = EmailMessage(policy=SMTP)
    sender_name, sender_address = parseaddr(sender)
    message["From"] = _address(sender_name, sender_address)
    message["To"] = _address(mail.to_name, mail.to)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{mail.outbox_id}@{sender_address.rpartition('@')[2]}>"
    # RFC 3834: no holiday notice or robot should answer, and none of ours answers a robot.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    return message


def _address(name: str, address: str) -> Address:
    """One address in its plain form. Quoted and non-ASCII local parts are refused: many servers bounce them."""
    local, _, domain = address.rpartition("@")
    try:
        network_domain = domain.encode("idna").decode()
    except UnicodeError:
        network_domain = ""
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(network_domain):
        raise MailFailed(permanent=True, code="bad address")
    return Address(display_name=_one_line(name), username=local, domain=network_domain)


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


@contextmanager
def _failures_told_apart() -> Iterator[None]:
    """Only what the server says about this receiver or this text is permanent; the rest may be better later.

    The causes are cut off: their texts quote the receiver's address, and a logged traceback would show it.
    """
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise MailFailed(permanent=code in _PERMANENT, code=str(code)) from None
    except smtplib.SMTPDataError as error:
        raise MailFailed(permanent=error.smtp_code in _PERMANENT, code=str(error.smtp_code)) from None
    except smtplib.SMTPSenderRefused as error:
        raise MailFailed(permanent=error.smtp_code == _TOO_LARGE, code=str(error.smtp_code)) from None
    except smtplib.SMTPResponseException as error:
        raise MailFailed(permanent=False, code=str(error.smtp_code)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(permanent=False, code=type(error).__name__) from None
