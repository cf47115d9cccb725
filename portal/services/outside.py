"""The outside world as services see it: keys, files, password hashing, senders, the portal's own address."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from portal.integrations.anchors import AnchorStore
from portal.integrations.antivirus import NoScanner, Scanner
from portal.integrations.dns import DnsLookup, TxtLookup
from portal.integrations.erasure_ledger import ErasureLedger
from portal.integrations.keys import KeyWrapping, MasterKeys
from portal.integrations.mail import MailSender
from portal.integrations.outbound import Outbound
from portal.integrations.passwords import PasswordHasher
from portal.integrations.payments import NoPayments, Payments
from portal.integrations.sms import SmsSender
from portal.integrations.sso.google import GoogleDriver
from portal.integrations.sso.microsoft import MicrosoftDriver
from portal.integrations.storage import FileStore


@dataclass(frozen=True)
class Outside:
    """Put together once by create_app; each part has a local twin for use without outside services."""

    #: The address people use, without a slash at the end; letters link to it.
    url: str
    master_keys: MasterKeys
    #: What closes the data keys of companies: the master keys, or a service.
    key_wrapping: KeyWrapping
    passwords: PasswordHasher
    files: FileStore
    #: Where the ends of the audit logs are written down outside the database.
    anchors: AnchorStore
    mail: MailSender
    sms: SmsSender
    #: Regions whose mobile numbers may receive codes.
    sms_regions: tuple[str, ...]
    #: Who was erased, outside the database: a restore must not bring them back.
    erasures: ErasureLedger
    #: The host of the operator's own staff; None: they have no way in, and nobody can ask them in.
    operator_url: str | None = None
    #: They reach out only when somebody signs in by them.
    google: GoogleDriver = field(default_factory=GoogleDriver)
    microsoft: MicrosoftDriver = field(default_factory=MicrosoftDriver)
    #: Fetches from addresses that customers type.
    outbound: Outbound = field(default_factory=Outbound)
    #: Where companies pay; by default nowhere.
    payments: Payments = field(default_factory=NoPayments)
    #: The public keys of issuers whose licence files count; without one there are none.
    licence_keys: tuple[str, ...] = ()
    #: What uploaded files are shown to first; by default there is none.
    antivirus: Scanner = field(default_factory=NoScanner)
    dns: TxtLookup = field(default_factory=DnsLookup)
    #: Where certificates of erased companies are kept as files; None: in the database alone.
    certificates: Path | None = None
