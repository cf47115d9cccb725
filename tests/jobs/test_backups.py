"""Backups by themselves, and who is told when they are not as they should be."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from portal.integrations.mail import MailFailed
from portal.jobs import backups as jobs
from portal.services.backups import nightly, watching
from portal.services.operator_alarms import Letters


class Post:
    """Takes letters, or refuses them."""

    def __init__(self) -> None:
        self.mails = []
        self.out_of_order = False

    def send(self, mail):
        if self.out_of_order:
            raise MailFailed(permanent=False, code="451")
        self.mails.append(mail)


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def look(kept, post):
    def now():
        return [
            one.value
            for one in watching.look(kept.clock.now(), Letters(post, "ops@example.com", "https://x"))
        ]

    return now


def test_a_late_backup_is_told_once_a_day_until_it_is_there(kept, look, post):
    """T142: newest older than 26 hours; the letter says what to do, and stops when it is mended."""
    nightly.create(kept.backups)
    assert look() == [] and post.mails == []
    kept.clock.move_to(kept.clock.now() + timedelta(hours=27))
    assert look() == look() == ["newest-too-old"]
    assert [mail.to for mail in post.mails] == ["ops@example.com"]
    assert "older than 26 hours" in post.mails[0].subject and "flask backup create" in post.mails[0].text
    kept.clock.move_to(kept.clock.now() + timedelta(hours=25))
    look()
    assert len(post.mails) == 2
    assert len({mail.outbox_id for mail in post.mails}) == 2
    nightly.create(kept.backups)
    assert look() == []
    kept.clock.move_to(kept.clock.now() + timedelta(hours=27))
    look()
    assert len(post.mails) == 3, "a new trouble is told at once"


def test_a_letter_that_did_not_leave_is_sent_at_the_next_look(look, post):
    post.out_of_order = True
    look()
    post.out_of_order = False
    look()
    assert [mail.subject for mail in post.mails] == ["Staffroom alarm: There is no usable backup"]


def test_machines_are_told_too_and_nobody_is_turned_away(kept):
    assert kept.app.test_client().get("/readyz").json == {"status": "ok", "backups": "none-yet"}
    nightly.create(kept.backups)
    answer = kept.app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "backups": "ok"})


def test_a_command_that_ends_badly_fails_its_job(monkeypatch):
    with pytest.raises(jobs.CommandFailed, match="no-such-command ended with"):
        jobs.command("backup", "no-such-command")


def test_nothing_is_made_where_the_operator_backs_up_by_other_means(app):
    assert not jobs.wanted(app)


def test_the_nightly_command_works_in_a_process_of_its_own(kept):
    """As the worker starts it: settings from the environment alone."""
    environment = {
        "STAFFROOM_MODE": "test",
        "STAFFROOM_INSTANCE": str(kept.instance),
        "STAFFROOM_BACKUP_PLACE": str(kept.folder),
        "STAFFROOM_BACKUP_KEY_FILE": str(kept.staffroom.settings.backups.key_file),
        "DATABASE_URL": kept.database.app_url,
        "DATABASE_BACKUP_URL": kept.database.backup_url,
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    }
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "backup", "create", "--nightly"]
    answer = subprocess.run(
        words, env=environment, cwd=jobs.PROJECT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert "every byte is there" in answer.stdout
    assert len(kept.backups.place.ids()) == 1
