"""Settings that are unknown, missing or unsafe stop the start and name themselves."""

from __future__ import annotations

import pytest

from portal.config import PROJECT, Mode, SettingError, Settings
from portal.integrations.keys import KeysMissing
from portal.surroundings import connect_outside

GOOD = {
    "STAFFROOM_URL": "https://staff.example.com",
    "STAFFROOM_SMTP_URL": "smtp://portal@mail.example.com:587",
    "DATABASE_URL": "postgresql://app:secret@db.example.com/staffroom?sslmode=verify-full",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example.com/staffroom?sslmode=verify-full",
    "STAFFROOM_BACKUP_PLACE": "/mnt/backups",
    "STAFFROOM_OPERATOR_EMAIL": "ops@example.com",
}
BUCKET = {
    "STAFFROOM_BACKUP_PLACE": "s3://backups/staffroom",
    "STAFFROOM_BACKUP_S3_KEY_ID": "writer",
    "STAFFROOM_BACKUP_S3_SECRET": "secret",
}


def test_production_is_what_one_gets_without_asking():
    settings = Settings.from_environ(GOOD)
    assert settings.mode is Mode.PRODUCTION
    assert not settings.outbox
    assert not settings.debug


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAFFROOM_MODE", "prod"),
        ("STAFFROOM_URL", ""),
        ("STAFFROOM_URL", "http://staff.example.com"),
        ("STAFFROOM_URL", "https://staff.example.com/portal"),
        ("STAFFROOM_DEBUG", "on"),
        ("STAFFROOM_DEBUG", "1"),
        ("STAFFROOM_OUTBOX", "on"),
        ("STAFFROOM_SMTP_URL", ""),
        ("STAFFROOM_SMTP_URL", "mail.example.com"),
        ("DATABASE_URL", "postgresql://app@db.example.com/staffroom"),
        ("DATABASE_URL", "postgresql://app@db.example.com/staffroom?sslmode=require"),
        ("DATABASE_URL", "mysql://db.example.com/staffroom"),
        ("DATABASE_OWNER_URL", "postgresql://owner@db.example.com/staffroom?sslmode=prefer"),
        ("STAFFROOM_PROXY_HOPS", "-1"),
        ("STAFFROOM_TWILIO_SID", "AC1"),
        ("STAFFROOM_LICENCE_KEYS", "c2hvcnQ="),
        ("STAFFROOM_SMS_COUNTRIES", "Czechia"),
        ("STAFFROOM_DEBUGG", "off"),
        ("STAFFROOM_MODE", "test"),
        ("STAFFROOM_VERSION", "1.0 beta"),
        ("DATABASE_BACKUP_URL", "postgresql://backup@db.example.com/staffroom"),
        ("STAFFROOM_BACKUP_PLACE", ""),
        ("STAFFROOM_BACKUP_PLACE", "backups"),
        ("STAFFROOM_BACKUP_PLACE", "ftp://backups.example.com"),
        ("STAFFROOM_BACKUP_PLACE", str(PROJECT / "instance" / "backups")),
        ("STAFFROOM_BACKUP_KEY_FILE", "/mnt/backups/backup.key"),
        ("STAFFROOM_FILES", "/srv/files"),
        ("STAFFROOM_FILES", "s3://"),
        ("STAFFROOM_ANCHORS", "s3:///anchors"),
        ("STAFFROOM_OPERATOR_EMAIL", ""),
        ("STAFFROOM_OPERATOR_EMAIL", "nobody"),
        ("STAFFROOM_BACKUP_S3_LOCK_DAYS", "400"),
        ("STAFFROOM_OPERATOR_URL", "https://staff.example.com"),
        ("STAFFROOM_OPERATOR_URL", "support.example.com"),
        ("DATABASE_SUPPORT_URL", "postgresql://support@db.example.com/staffroom"),
    ],
)
def test_a_bad_value_stops_the_start_with_its_name(name, value):
    with pytest.raises(SettingError) as stopped:
        Settings.from_environ({**GOOD, name: value})
    assert stopped.value.name == name


def test_a_bucket_for_files_needs_its_credential():
    bucket = {"STAFFROOM_FILES": "s3://files/staffroom", "STAFFROOM_FILES_S3_KEY_ID": "portal"}
    with pytest.raises(SettingError) as stopped:
        Settings.from_environ({**GOOD, **bucket})
    assert stopped.value.name == "STAFFROOM_FILES_S3_KEY_ID"
    bucket["STAFFROOM_FILES_S3_SECRET"] = "shown to nobody"
    with pytest.raises(SettingError) as stopped:
        Settings.from_environ({**GOOD, **bucket, "STAFFROOM_FILES_S3_ENDPOINT": "http://s3.example.com"})
    assert stopped.value.name == "STAFFROOM_FILES_S3_ENDPOINT"
    settings = Settings.from_environ({**GOOD, **bucket})
    assert settings.files.place == "s3://files/staffroom/"
    assert "shown to nobody" not in repr(settings)


def test_the_staffs_own_host_needs_the_staffs_own_database_role():
    with pytest.raises(SettingError) as stopped:
        Settings.from_environ({**GOOD, "STAFFROOM_OPERATOR_URL": "https://support.example.com"})
    assert stopped.value.name == "DATABASE_SUPPORT_URL"
    support = "postgresql://support:secret@db.example.com/staffroom?sslmode=verify-full"
    both = {"STAFFROOM_OPERATOR_URL": "https://support.example.com", "DATABASE_SUPPORT_URL": support}
    assert Settings.from_environ({**GOOD, **both}).operator_host == "support.example.com"
    assert "secret" not in repr(Settings.from_environ({**GOOD, **both}))
    with pytest.raises(SettingError, match="https"):
        Settings.from_environ({**GOOD, **both, "STAFFROOM_OPERATOR_URL": "http://support.example.com"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STAFFROOM_BACKUP_PLACE", "s3:///staffroom"),
        ("STAFFROOM_BACKUP_S3_KEY_ID", ""),
        ("STAFFROOM_BACKUP_S3_READ_KEY_ID", "reader"),
        ("STAFFROOM_BACKUP_S3_ENDPOINT", "http://s3.example.com"),
        ("STAFFROOM_BACKUP_S3_LOCK_DAYS", "0"),
    ],
)
def test_a_bucket_that_would_not_protect_backups_stops_the_start(name, value):
    assert Settings.from_environ(GOOD | BUCKET).backups.in_bucket
    with pytest.raises(SettingError) as stopped:
        Settings.from_environ({**GOOD, **BUCKET, name: value})
    assert stopped.value.name == name


def test_an_operator_may_back_up_by_other_means():
    settings = Settings.from_environ(
        {**GOOD, "STAFFROOM_BACKUP_PLACE": "none", "STAFFROOM_OPERATOR_EMAIL": ""}
    )
    assert settings.backups.place is None


@pytest.mark.parametrize(
    ("url", "shown"), [("http://localhost:5000", True), ("https://demo.example.com", False), ("", True)]
)
def test_messages_are_shown_to_ones_own_browser_alone(url, shown):
    """They hold codes and links; who demonstrates to others switches /outbox on knowingly."""
    environ = {"STAFFROOM_MODE": "demo", "STAFFROOM_URL": url}
    assert Settings.from_environ(environ).outbox is shown
    assert Settings.from_environ({**environ, "STAFFROOM_OUTBOX": "on"}).outbox


def test_secrets_do_not_show_in_the_settings():
    assert "secret" not in repr(Settings.from_environ({**GOOD, "STAFFROOM_SMTP_PASSWORD": "secret"}))


def test_production_does_not_invent_keys(tmp_path):
    """A missing key file is a lost key file: making a new one would make all sealed data unreadable."""
    settings = Settings.from_environ({**GOOD, "STAFFROOM_INSTANCE": str(tmp_path)})
    with pytest.raises(KeysMissing):
        connect_outside(settings)
