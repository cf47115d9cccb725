"""The running server process: its settings, its log, and how it is asked to end."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from portal.embedded import cluster
from portal.embedded.launcher import Launcher

LOG_LIMIT = 5_000_000
#: How to ask and how many seconds to wait: finish statements, drop everything (the next start recovers), die.
ENDINGS = ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
SETTINGS = {
    "listen_addresses": cluster.LOOPBACK,
    "unix_socket_directories": "",
    "ssl": "on",
    "ssl_min_protocol_version": "TLSv1.2",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log must not keep personal data: no statements, and no DETAIL lines with the values in them.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # Compiling queries pays for analytics; here it would only make some pages slow.
    "jit": "off",
}
#: For tests: a crash of the machine may lose everything, and figures about rows that are undone a moment later mislead.
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


class ServerProcess:
    """One run of the program `postgres` on a data directory."""

    def __init__(self, postgres: Path, data: Path, log: Path, *, port: int, durable: bool) -> None:
        settings = SETTINGS | {"port": str(port)} | ({} if durable else NOT_DURABLE)
        chosen = (word for name, value in settings.items() for word in ("-c", f"{name}={value}"))
        self.command = [str(postgres), "-D", str(data), *chosen]
        self.log = log
        self._log_start = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, launcher: Launcher, *, lock: int) -> None:
        """`lock` is an open file that the server holds for as long as it runs."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".old.log"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            self._log_start = os.fstat(descriptor).st_size
            # Its own session: Ctrl-C reaches the portal alone, which lets requests end before the database does.
            self._process = subprocess.Popen(
                launcher.lasting(*self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=cluster.environment(),
                start_new_session=True,
                pass_fds=[lock],
            )

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def said(self) -> str:
        """What this run wrote into the log."""
        return self.log.read_bytes()[self._log_start :].decode(errors="replace")

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for request, patience in ENDINGS:
            process.send_signal(request)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            return
