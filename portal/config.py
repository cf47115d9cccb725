"""The settings of one running portal, read once from the environment into a frozen object.

An unknown, missing or unsafe value stops the start with the variable's name. Nothing else in the portal
reads the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from portal import antivirus_settings, backup_settings, key_settings, setting_values
from portal.backup_settings import BackupSettings
from portal.bucket_settings import BucketSettings
from portal.integrations.antivirus import NoScanner, Scanner
from portal.key_settings import KmsSettings
from portal.setting_error import SettingError as SettingError
from portal.version import VERSION

PROJECT = Path(__file__).resolve().parent.parent
KNOWN = {
    "STAFFROOM_MODE", "STAFFROOM_INSTANCE", "STAFFROOM_URL", "STAFFROOM_VERSION", "STAFFROOM_DEBUG",
    "STAFFROOM_OUTBOX", "STAFFROOM_KEY_FILE", "STAFFROOM_PROXY_HOPS", "STAFFROOM_SMTP_URL",
    "STAFFROOM_SMTP_PASSWORD", "STAFFROOM_MAIL_SENDER", "STAFFROOM_TWILIO_SID", "STAFFROOM_TWILIO_TOKEN",
    "STAFFROOM_TWILIO_SENDER", "STAFFROOM_TWILIO_URL", "STAFFROOM_SMS_COUNTRIES", "STAFFROOM_METRICS_PORT",
    "STAFFROOM_POOLED", "STAFFROOM_OPERATOR_URL", "STAFFROOM_ERASURE_FOLDER",
    "STAFFROOM_STRIPE_KEY", "STAFFROOM_STRIPE_WEBHOOK_SECRET",
    "STAFFROOM_STRIPE_PRICE", "STAFFROOM_STRIPE_URL", "STAFFROOM_TRIAL_DAYS", "STAFFROOM_LICENCE_KEYS",
    *backup_settings.KNOWN,
    *BucketSettings.known("STAFFROOM_FILES"),
    *BucketSettings.known("STAFFROOM_ANCHORS"),
    "STAFFROOM_ANCHORS_LOCK_DAYS", antivirus_settings.NAME, *key_settings.KNOWN,
}  # fmt: skip


#: Hosts that only one's own browser reaches.
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Mode(StrEnum):
    """Production is what one gets without asking; the conveniences of the others must be switched on."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True)
class Settings:
    """Every knob of the portal; see docs/settings.md for what an operator sets."""

    mode: Mode
    instance: Path
    #: The address people use, without a path: links in mail and the host check are made from it.
    url: str
    #: None: start the embedded PostgreSQL under the instance folder.
    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    #: Sees every company's rows and writes none; only what makes backups needs it.
    database_backup_url: str | None = field(default=None, repr=False)
    #: The same database as the role that the operator's staff are served as.
    database_support_url: str | None = field(default=None, repr=False)
    #: Where the operator's own staff come in, on a host name of its own; without it they have no way in at all.
    operator_url: str | None = None
    key_file: Path = Path()
    #: Where the ledger of erasures lies; None: under the instance folder. Never inside a backup of the database.
    erasure_folder: Path | None = None
    #: The folder or bucket for anchors of the audit logs; None: below the instance folder.
    anchors: Path | BucketSettings | None = None
    #: How long such a bucket keeps everybody from changing an anchor.
    anchors_lock_days: int = 400
    version: str = VERSION
    debug: bool = False
    #: Whether messages stay readable at /outbox, for demonstrations without SMTP and SMS.
    outbox: bool = False
    proxy_hops: int = 0
    smtp_url: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    mail_sender: str = "Staffroom <staffroom@localhost>"
    twilio_sid: str | None = None
    twilio_token: str | None = field(default=None, repr=False)
    twilio_sender: str | None = None
    twilio_url: str | None = None
    #: Regions whose mobile numbers may receive codes (ISO 3166 two-letter codes).
    sms_countries: tuple[str, ...] = ("AT", "CZ", "DE", "PL", "SK")
    #: Where `flask serve` offers figures to Prometheus on this machine; 0: nowhere.
    metrics_port: int = 0
    #: Whether DATABASE_URL leads to a pooler that gives a connection for one transaction only, as PgBouncer does.
    pooled: bool = False
    backups: BackupSettings = field(default_factory=BackupSettings)
    #: Where sealed files lie; None: below the instance folder.
    files: BucketSettings | None = None

    #: What uploaded files are shown to first.
    antivirus: Scanner = field(default_factory=NoScanner)

    #: The service that closes the data keys of companies; None: the master key file.
    kms: KmsSettings | None = None

    #: All three, or nobody pays: the key, the secret of the webhook, the price of one active person.
    stripe_key: str | None = field(default=None, repr=False)
    stripe_webhook_secret: str | None = field(default=None, repr=False)
    stripe_price: str | None = None
    stripe_url: str | None = None
    #: How long a new company may look around before it pays; only where companies pay.
    trial_days: int = 30
    #: Public keys of issuers whose licence files count here.
    licence_keys: tuple[str, ...] = ()

    @property
    def production(self) -> bool:
        return self.mode is Mode.PRODUCTION

    @property
    def dns_file(self) -> Path:
        """Where demonstrations and tests keep the TXT records that production finds in the DNS."""
        return self.instance / "dns.txt"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def operator_host(self) -> str | None:
        return urlsplit(self.operator_url).hostname if self.operator_url else None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Reads and checks; raises SettingError."""
        for name in environ:
            if name.startswith("STAFFROOM_") and name not in KNOWN:
                raise SettingError(name, "is not a setting of Staffroom; see docs/settings.md")
        mode = _mode(environ)
        instance = Path(environ.get("STAFFROOM_INSTANCE") or PROJECT / "instance").resolve()
        settings = cls(
            mode=mode,
            instance=instance,
            url=_url(environ, mode),
            database_url=setting_values.database_url(environ, "DATABASE_URL"),
            database_owner_url=setting_values.database_url(environ, "DATABASE_OWNER_URL"),
            database_backup_url=setting_values.database_url(environ, "DATABASE_BACKUP_URL"),
            database_support_url=setting_values.database_url(environ, "DATABASE_SUPPORT_URL"),
            operator_url=_operator_url(environ, mode),
            key_file=Path(environ.get("STAFFROOM_KEY_FILE") or instance / "keys" / "master.json"),
            erasure_folder=setting_values.folder(environ, "STAFFROOM_ERASURE_FOLDER"),
            anchors=_anchors(environ, mode),
            anchors_lock_days=setting_values.whole_number(
                environ, "STAFFROOM_ANCHORS_LOCK_DAYS", default=cls.anchors_lock_days
            ),
            version=setting_values.version(environ),
            debug=setting_values.switch(environ, "STAFFROOM_DEBUG", default=False),
            outbox=setting_values.switch(environ, "STAFFROOM_OUTBOX", default=_only_here(environ, mode)),
            proxy_hops=setting_values.whole_number(environ, "STAFFROOM_PROXY_HOPS"),
            smtp_url=setting_values.smtp_url(environ),
            smtp_password=environ.get("STAFFROOM_SMTP_PASSWORD") or None,
            mail_sender=environ.get("STAFFROOM_MAIL_SENDER") or cls.mail_sender,
            twilio_sid=environ.get("STAFFROOM_TWILIO_SID") or None,
            twilio_token=environ.get("STAFFROOM_TWILIO_TOKEN") or None,
            twilio_sender=environ.get("STAFFROOM_TWILIO_SENDER") or None,
            twilio_url=environ.get("STAFFROOM_TWILIO_URL") or None,
            sms_countries=setting_values.countries(environ, default=cls.sms_countries),
            metrics_port=setting_values.whole_number(environ, "STAFFROOM_METRICS_PORT"),
            pooled=setting_values.switch(environ, "STAFFROOM_POOLED", default=False),
            stripe_key=environ.get("STAFFROOM_STRIPE_KEY") or None,
            stripe_webhook_secret=environ.get("STAFFROOM_STRIPE_WEBHOOK_SECRET") or None,
            stripe_price=environ.get("STAFFROOM_STRIPE_PRICE") or None,
            stripe_url=environ.get("STAFFROOM_STRIPE_URL") or None,
            trial_days=setting_values.whole_number(environ, "STAFFROOM_TRIAL_DAYS", default=30),
            licence_keys=setting_values.public_keys(environ, "STAFFROOM_LICENCE_KEYS"),
            files=_bucket(environ, "STAFFROOM_FILES", mode) if environ.get("STAFFROOM_FILES") else None,
            antivirus=antivirus_settings.scanner(environ),
            kms=key_settings.from_environ(environ, production=mode is Mode.PRODUCTION),
            backups=BackupSettings.from_environ(
                environ, instance=instance, production=mode is Mode.PRODUCTION
            ),
        )
        settings.refuse_what_is_unsafe()
        return settings

    def refuse_what_is_unsafe(self) -> None:
        """Half-made groups of settings anywhere, and in production whatever a demonstration may do."""
        _whole_group(
            "STAFFROOM_TWILIO_SID",
            "_TOKEN and _SENDER",
            self.twilio_sid,
            self.twilio_token,
            self.twilio_sender,
        )
        _whole_group(
            "STAFFROOM_STRIPE_KEY",
            "_WEBHOOK_SECRET and _PRICE",
            self.stripe_key,
            self.stripe_webhook_secret,
            self.stripe_price,
        )
        if self.stripe_key and self.licence_keys:
            raise SettingError("STAFFROOM_LICENCE_KEYS", "is for portals where nobody pays by Stripe")
        self._refuse_a_shared_door()
        if self.production:
            self._refuse_what_a_demonstration_may_do()

    def _refuse_what_a_demonstration_may_do(self) -> None:
        if self.debug:
            raise SettingError("STAFFROOM_DEBUG", "must be off in production: it shows code to visitors")
        if self.outbox:
            raise SettingError("STAFFROOM_OUTBOX", "must be off in production: it shows every message")
        if not self.url.startswith("https://"):
            raise SettingError("STAFFROOM_URL", "must start with https:// in production")
        if self.smtp_url is None:
            raise SettingError("STAFFROOM_SMTP_URL", "is needed in production: invitations go by mail")
        for name, url in (
            ("STAFFROOM_STRIPE_URL", self.stripe_url),
            ("STAFFROOM_TWILIO_URL", self.twilio_url),
        ):
            if url is not None and not url.startswith("https://"):
                raise SettingError(name, "must start with https:// in production")
        for name, url in (
            ("DATABASE_URL", self.database_url),
            ("DATABASE_OWNER_URL", self.database_owner_url),
            ("DATABASE_BACKUP_URL", self.database_backup_url),
            ("DATABASE_SUPPORT_URL", self.database_support_url),
        ):
            if url is not None and not setting_values.is_checked(url):
                raise SettingError(name, "needs sslmode=verify-full in production: every connection uses TLS")

    def _refuse_a_shared_door(self) -> None:
        """The operator's staff come in by a host of their own, and are served by a database role of their own."""
        if self.operator_url is None:
            return
        name = "STAFFROOM_OPERATOR_URL"
        if self.operator_host == self.host:
            raise SettingError(name, "needs a host name of its own: cookies of customers and staff never mix")
        if self.database_url is not None and self.database_support_url is None:
            raise SettingError("DATABASE_SUPPORT_URL", f"is needed beside {name}")
        if self.production and not self.operator_url.startswith("https://"):
            raise SettingError(name, "must start with https:// in production")


def _whole_group(name: str, others: str, *values: str | None) -> None:
    if any(values) and not all(values):
        raise SettingError(name, f"needs {others} beside it, or none of the three")


def _mode(environ: Mapping[str, str]) -> Mode:
    given = environ.get("STAFFROOM_MODE") or Mode.PRODUCTION
    try:
        return Mode(given)
    except ValueError:
        raise SettingError("STAFFROOM_MODE", "must be production, demo or test") from None


def _url(environ: Mapping[str, str], mode: Mode) -> str:
    given = environ.get("STAFFROOM_URL", "").rstrip("/")
    if not given:
        if mode is Mode.PRODUCTION:
            raise SettingError(
                "STAFFROOM_URL", "is missing: the address people use, such as https://staff.example.com"
            )
        return "http://localhost:5000"
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise SettingError("STAFFROOM_URL", "must look like https://staff.example.com, without a path")
    if mode is Mode.TEST and parts.hostname not in _THIS_MACHINE:
        raise SettingError(
            "STAFFROOM_MODE", "must not be test where others come: that is for one's own machine"
        )
    return given


def _operator_url(environ: Mapping[str, str], mode: Mode) -> str | None:
    """A demonstration on one's own machine has one by itself: browsers find every name under localhost."""
    given = environ.get("STAFFROOM_OPERATOR_URL", "").rstrip("/")
    if not given:
        own = urlsplit(_url(environ, mode))
        if mode is not Mode.DEMO or own.hostname != "localhost" or environ.get("DATABASE_URL"):
            return None
        return own._replace(netloc=own.netloc.replace("localhost", "support.localhost")).geturl()
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise SettingError(
            "STAFFROOM_OPERATOR_URL", "must look like https://support.example.com, without a path"
        )
    return given


def _only_here(environ: Mapping[str, str], mode: Mode) -> bool:
    """Messages carry codes and links to sign in with: without asking they are shown on one's own machine only."""
    return mode is not Mode.PRODUCTION and urlsplit(_url(environ, mode)).hostname in _THIS_MACHINE


def _bucket(environ: Mapping[str, str], name: str, mode: Mode) -> BucketSettings:
    return BucketSettings.from_environ(environ, name, production=mode is Mode.PRODUCTION)


def _anchors(environ: Mapping[str, str], mode: Mode) -> Path | BucketSettings | None:
    name = "STAFFROOM_ANCHORS"
    if environ.get(name, "").startswith("s3:"):
        return _bucket(environ, name, mode)
    return setting_values.folder(environ, name)
