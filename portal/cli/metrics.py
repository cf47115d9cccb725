"""`flask metrics`: what Prometheus asks, on an address of its own that the internet cannot reach."""

from __future__ import annotations

import ipaddress
import os
import signal
import threading
from collections.abc import Iterator

import click
from flask import Flask, current_app
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import DBAPIError

from portal.db import without_company
from portal.integrations.evidence import EvidenceFolder
from portal.services.job_figures import job_figures
from portal.version import VERSION
from portal.web.metrics import FOLDER


@click.command("metrics")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback or private address.")
@click.option("--port", default=9464, show_default=True, help="The port to listen on.")
def command(host: str, port: int) -> None:
    """Serve the figures of this machine's web processes and of the job queue until told to stop."""
    if not os.environ.get(FOLDER):
        raise click.ClickException(
            f"{FOLDER} is not set: name the folder that the web processes write their figures to."
        )
    _refuse_public(host)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(PortalCollector(current_app._get_current_object()))  # type: ignore[attr-defined]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        server, _thread = start_http_server(port, host, registry)
    except OSError as error:
        raise click.ClickException(f"Port {port} on {host} cannot be used ({error.strerror}).") from None
    stop.wait()
    server.shutdown()


def _refuse_public(host: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise click.ClickException("--host takes an IP address, such as 127.0.0.1 or 10.0.0.5.") from None
    if not address.is_private or address.is_unspecified:
        raise click.ClickException(
            f"{host} can be reached from outside. Listen on 127.0.0.1 or on a private address."
        )


class PortalCollector:
    """Asks the database when it is asked; a lost database is a figure too."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        version = GaugeMetricFamily("staffroom_version", "The version that runs.", labels=["version"])
        version.add_metric([VERSION], 1)
        yield version
        yield from self._antivirus()
        try:
            with self._app.app_context(), without_company() as session:
                figures = job_figures(session)
        except DBAPIError:
            yield GaugeMetricFamily("staffroom_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("staffroom_database_up", "Whether the database answers.", value=1)
        jobs = GaugeMetricFamily("staffroom_jobs", "Background jobs by status.", labels=["status"])
        for status, count in sorted(figures.by_status.items()):
            jobs.add_metric([status], count)
        yield jobs
        yield GaugeMetricFamily(
            "staffroom_jobs_oldest_due_seconds",
            "How long the oldest job that is due has waited.",
            value=figures.oldest_due_seconds,
        )

    def _antivirus(self) -> Iterator[Metric]:
        """As of its last round, at most five minutes ago while the worker runs; nothing where there is no scanner."""
        staffroom = self._app.extensions["staffroom"]
        if not staffroom.outside.antivirus.on:
            return
        found = EvidenceFolder(staffroom.settings.instance / "evidence").read("antivirus")
        good = found is not None and found["passed"]
        yield GaugeMetricFamily(
            "staffroom_antivirus_up", "Whether the antivirus finds what it should.", value=int(good)
        )
        if found is not None:
            yield GaugeMetricFamily(
                "staffroom_files_quarantined",
                "Files that wait for the antivirus.",
                value=found["figures"]["waiting"],
            )
