"""What must stand before the app does: the database server and the connections to the outside world."""

from __future__ import annotations

from dataclasses import replace

from portal.config import Mode, Settings
from portal.embedded import EmbeddedPostgres
from portal.integrations import dns, mail, sms
from portal.integrations.keys import MasterKeys
from portal.integrations.passwords import PasswordHasher
from portal.integrations.storage import FolderStore
from portal.services.outside import Outside

_embedded: dict[str, EmbeddedPostgres] = {}


def with_database(settings: Settings) -> Settings:
    """The settings with a database to connect to: the named one, else the embedded one, started or joined."""
    if settings.database_url is not None:
        return settings
    folder = settings.instance / "postgres"
    server = _embedded.setdefault(str(folder), EmbeddedPostgres(folder))
    server.start_or_join()
    return replace(
        settings,
        database_url=server.app_url,
        database_owner_url=server.owner_url,
        database_support_url=server.support_url,
    )


def connect_outside(settings: Settings) -> Outside:
    """Keys, files and senders as the settings say; what is not set up is replaced by its local twin."""
    return Outside(
        url=settings.url,
        master_keys=MasterKeys.load(settings.key_file, create=not settings.production),
        passwords=_hasher(settings.mode),
        files=FolderStore(settings.instance / "files"),
        mail=_mail(settings),
        sms=_sms(settings),
        sms_regions=settings.sms_countries,
        dns=_dns(settings),
        operator_url=settings.operator_url,
        certificates=settings.instance / "certificates",
    )


def _hasher(mode: Mode) -> PasswordHasher:
    # Tests sign in thousands of times; they check the real cost once.
    return (
        PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if mode is Mode.TEST else PasswordHasher()
    )


def _mail(settings: Settings) -> mail.MailSender:
    if settings.smtp_url is None:
        return mail.OutboxOnly()
    return mail.SmtpSender.from_url(
        settings.smtp_url, password=settings.smtp_password, sender=settings.mail_sender
    )


def _sms(settings: Settings) -> sms.SmsSender:
    if not (settings.twilio_sid and settings.twilio_token and settings.twilio_sender):
        return sms.OutboxOnly()
    return sms.TwilioSender(
        settings.twilio_sid, settings.twilio_token, settings.twilio_sender, base_url=settings.twilio_url
    )


def _dns(settings: Settings) -> dns.TxtLookup:
    """A demonstration has no domains in the world's DNS: its records stand in a file."""
    return dns.DnsLookup() if settings.production else dns.FileLookup(settings.dns_file)
