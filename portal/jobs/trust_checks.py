"""Every night the evidence of the public page is made anew: companies apart, TLS, the whole audit logs."""

from __future__ import annotations

from flask import Flask
from procrastinate import App

from portal.jobs.backups import command
from portal.jobs.fenced import KEEPERS

CHECK_TRUST, VERIFY_LOGS = "check_trust", "verify_audit_logs"


def register(jobs: App, app: Flask) -> None:  # noqa: ARG001
    """Adds the tasks and their times (UTC). As commands, in processes of their own."""

    @jobs.periodic(cron="20 2 * * *")
    @jobs.task(name=CHECK_TRUST, queue=KEEPERS, queueing_lock=CHECK_TRUST, lock=CHECK_TRUST)
    def check_trust(timestamp: int) -> None:  # noqa: ARG001
        command("trust", "check")

    @jobs.periodic(cron="30 2 * * *")
    @jobs.task(name=VERIFY_LOGS, queue=KEEPERS, queueing_lock=VERIFY_LOGS, lock=VERIFY_LOGS)
    def verify_audit_logs(timestamp: int) -> None:  # noqa: ARG001
        command("audit", "verify")
