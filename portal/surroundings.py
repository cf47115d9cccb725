"""What must stand before the app does: the database server and the connections to the outside world."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import make_url

from portal import key_settings
from portal.bucket_settings import BucketSettings
from portal.config import Mode, Settings
from portal.database_beside import DatabaseBeside
from portal.domain.clock import Clock, SystemClock
from portal.embedded import EmbeddedPostgres
from portal.integrations import dns, erasure_ledger, mail, payments, sms, storage
from portal.integrations.anchors import AnchorStore, FolderAnchors
from portal.integrations.backup_key import BackupKey
from portal.integrations.backup_places import BackupPlace, FolderPlace
from portal.integrations.erasure_ledger import ErasureLedger
from portal.integrations.keys import KeysMissing, KeysUnavailable, KeysUnsafe, KeyWrapping, MasterKeys, master
from portal.integrations.passwords import PasswordHasher
from portal.integrations.storage import FileStore, FolderStore
from portal.services.backups import recovering, switching
from portal.services.backups.making import BackupFailed, Backups
from portal.services.backups.recovering import Recovery
from portal.services.backups.restored import FILES
from portal.services.outside import Outside
from portal.setting_error import SettingError

if TYPE_CHECKING:
    from portal.integrations import s3

_LOG = logging.getLogger("portal.keys")
_embedded: dict[str, EmbeddedPostgres] = {}


def with_database(settings: Settings) -> Settings:
    """The settings with a database to connect to: the named one, else the embedded one, started or joined."""
    if settings.database_url is not None:
        return settings
    switching.finish(settings.instance)
    folder = settings.instance / "postgres"
    server = _embedded.setdefault(str(folder), EmbeddedPostgres(folder))
    server.start_or_join()
    return replace(
        settings,
        database_url=server.app_url,
        database_owner_url=server.owner_url,
        database_support_url=server.support_url,
        database_backup_url=server.backup_url,
    )


def owns_database(settings: Settings) -> bool:
    """Whether it is this process that runs the embedded server."""
    server = _embedded.get(str(settings.instance / "postgres"))
    return server is not None and server.process is not None


def stop_database(settings: Settings) -> bool:
    """Stops the embedded server, if it is this process that runs it; False when another one does, or no such runs."""
    if not owns_database(settings):
        return False
    _embedded[str(settings.instance / "postgres")].stop()
    return True


def put_in_place(settings: Settings, state: Recovery, *, admin_url: str | None, at: datetime) -> Path | None:
    """A restored portal takes the place of the damaged one. Answers where that lies now; None: another process runs it.

    Repeated after a crash, it goes on from where it was broken off.
    """
    parts: tuple[str, ...] = switching.PARTS
    if state.database:
        beside = DatabaseBeside(str(admin_url), str(settings.database_url), state.database)
        standing = str(make_url(str(settings.database_url)).database)
        beside.take_the_place_of(standing, former=f"{standing}_{state.prepared_at:%Y%m%d%H%M%S}_damaged")
        parts = (FILES,)
    elif not stop_database(settings):
        return None
    put_files_in_bucket(settings, state.folder)
    former = switching.switch(settings.instance, state.folder, at=at, parts=parts)
    recovering.finish(settings.instance, state, former, at=at)
    return former


def put_files_in_bucket(settings: Settings, restored: Path) -> int:
    """Where files lie in a bucket, those of a restored portal are put there, over what is there; says how many."""
    if settings.files is None:
        return 0
    return storage.fill(_file_store(settings), FolderStore(restored / FILES))


def connect_outside(settings: Settings) -> Outside:
    """Keys, files and senders as the settings say; what is not set up is replaced by its local twin."""
    master_keys = MasterKeys.load(settings.key_file, create=not settings.production)
    folder = settings.erasure_folder or settings.instance / "erasures"
    return Outside(
        url=settings.url,
        master_keys=master_keys,
        key_wrapping=_key_wrapping(settings, master_keys),
        erasures=ErasureLedger(folder, master_keys.derive_all(erasure_ledger.PURPOSE)),
        passwords=_hasher(settings.mode),
        files=_file_store(settings),
        anchors=_anchor_store(settings),
        mail=_mail(settings),
        sms=_sms(settings),
        sms_regions=settings.sms_countries,
        payments=_payments(settings),
        licence_keys=settings.licence_keys,
        antivirus=settings.antivirus,
        dns=_dns(settings),
        operator_url=settings.operator_url,
        certificates=settings.instance / "certificates",
    )


def connect_backups(settings: Settings, outside: Outside, clock: Clock) -> Backups:
    """What backups need; raises `BackupFailed` with what is not set up."""
    chosen = settings.backups
    if chosen.place is None:
        raise BackupFailed("STAFFROOM_BACKUP_PLACE is not set to a place: backups are made by other means.")
    if settings.database_backup_url is None:
        raise BackupFailed("DATABASE_BACKUP_URL is missing: the address of the role staffroom_backup.")
    try:
        if not settings.production and not chosen.key_file.exists():
            BackupKey.create(chosen.key_file)
        key = BackupKey.load(chosen.key_file)
    except (KeysMissing, KeysUnsafe) as missing:
        raise BackupFailed(str(missing)) from missing
    return Backups(
        place=_backup_place(settings, clock),
        key=key,
        database_url=settings.database_backup_url,
        instance=settings.instance,
        files=outside.files,
        master_keys=outside.master_keys,
        clock=clock,
        version=settings.version,
    )


def _key_wrapping(settings: Settings, master_keys: MasterKeys) -> KeyWrapping:
    """A service that says no to our key stops the start; one that says nothing does not: it may be back in a minute."""
    chosen = settings.kms
    if chosen is None:
        return KeyWrapping(master.NAME, {master.NAME: master_keys})
    from portal.integrations.keys import kms  # noqa: PLC0415

    service = kms.connect(
        chosen.key,
        region=chosen.region,
        key_id=chosen.key_id,
        secret=chosen.secret,
        endpoint=chosen.endpoint,
        held_seconds=chosen.held_seconds,
    )
    try:
        service.try_out()
    except kms.KeyRefused as refused:
        raise SettingError(key_settings.NAME, f"cannot be used: the service answers {refused}") from None
    except KeysUnavailable as away:
        _LOG.warning("the key service does not answer (%s): what is sealed stays closed until it does", away)
    return KeyWrapping(
        kms.NAME if chosen.closes else master.NAME, {master.NAME: master_keys, kms.NAME: service}
    )


def _file_store(settings: Settings) -> FileStore:
    if settings.files is None:
        return FolderStore(settings.instance / "files")
    # boto3 takes a third of a second to import: only what speaks to a bucket waits for it.
    from portal.integrations.bucket_store import BucketStore  # noqa: PLC0415

    return BucketStore(_open_bucket(settings.files))


def _anchor_store(settings: Settings) -> AnchorStore:
    if not isinstance(settings.anchors, BucketSettings):
        return FolderAnchors(settings.anchors or settings.instance / "anchors")
    from portal.integrations.bucket_anchors import BucketAnchors  # noqa: PLC0415

    return BucketAnchors(_open_bucket(settings.anchors), settings.anchors_lock_days, SystemClock().now)


def _open_bucket(chosen: BucketSettings) -> s3.Bucket:
    from portal.integrations import s3  # noqa: PLC0415

    credential = s3.Credential(chosen.key_id, chosen.secret)
    return s3.Bucket(chosen.bucket, chosen.prefix, credential, chosen.endpoint, chosen.region)


def _backup_place(settings: Settings, clock: Clock) -> BackupPlace:
    chosen = settings.backups
    if not chosen.in_bucket:
        folder = Path(chosen.place or "")
        if folder == settings.instance / "backups":
            folder.mkdir(mode=0o700, exist_ok=True)
        return FolderPlace(folder)
    from portal.integrations.backup_places.bucket import BucketPlace  # noqa: PLC0415
    from portal.integrations.s3 import Credential  # noqa: PLC0415

    parts = urlsplit(chosen.place or "")
    prefix = parts.path.strip("/")
    writer = Credential(chosen.s3_key_id or "", chosen.s3_secret or "")
    reader = (
        Credential(chosen.s3_read_key_id, chosen.s3_read_secret)
        if chosen.s3_read_key_id and chosen.s3_read_secret
        else writer
    )
    return BucketPlace(
        bucket=parts.netloc,
        prefix=f"{prefix}/" if prefix else "",
        writer=writer,
        reader=reader,
        now=clock.now,
        endpoint=chosen.s3_endpoint,
        region=chosen.s3_region,
        locked_days=chosen.s3_lock_days,
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


def _payments(settings: Settings) -> payments.Payments:
    if not (settings.stripe_key and settings.stripe_webhook_secret and settings.stripe_price):
        return payments.NoPayments()
    return payments.StripePayments(
        settings.stripe_key, settings.stripe_webhook_secret, settings.stripe_price, settings.stripe_url
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
