"""Production as docs/operations.md sets it up: nginx with TLS, two web processes, restarted in turn."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from portal.config import PROJECT
from tests.fixtures.ports import free_port


def test_everything_goes_by_tls_and_visitors_cannot_claim_to_be_others(proxied):
    plain = requests.get(
        f"http://127.0.0.1:{proxied.plain_port}/c/acme/",
        timeout=20,
        allow_redirects=False,
        headers={"Host": "localhost"},
    )
    assert plain.status_code == 308
    assert plain.headers["Location"].startswith("https://localhost/")
    page = proxied.get(
        "/c/acme/sign-in", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil"}
    )
    assert page.status_code == 200
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert "evil" not in page.text
    assert proxied.get("/metrics").status_code == 404
    assert proxied.get("/outbox").status_code == 404


def test_a_restart_of_one_after_the_other_loses_no_request(proxied):
    """Nothing is refused or cut off while new code comes in; writes neither."""
    answers: Counter[tuple[str, int]] = Counter()
    failures: list[str] = []
    stop, authority = threading.Event(), str(proxied.folder / "ca.pem")

    def visit(method: str) -> None:
        with requests.Session() as browser:
            while not stop.is_set():
                try:
                    answer = browser.request(
                        method,
                        f"{proxied.url}/c/acme/sign-in",
                        timeout=40,
                        allow_redirects=False,
                        verify=authority,
                    )
                    answers[method, answer.status_code] += 1
                except requests.RequestException as error:
                    failures.append(f"{method}: {error!r}")
                time.sleep(0.02)

    visitors = [threading.Thread(target=visit, args=(method,)) for method in ("GET", "GET", "POST", "POST")]
    for visitor in visitors:
        visitor.start()
    try:
        for port in proxied.web_ports:
            proxied.stop(port)
            proxied.start(port)
    finally:
        stop.set()
        for visitor in visitors:
            visitor.join()
    assert not failures, failures[:5]
    # A form without its token is refused by the portal itself: an answer like any other.
    assert set(answers) == {("GET", 200), ("POST", 403)}, answers
    assert min(answers.values()) > 20


def test_figures_name_routes_and_nobody(proxied):
    """Both web processes and the queue, added up; on an address of their own."""
    for path in ("/c/acme/sign-in", "/c/nowhere/sign-in", "/c/acme/nothing-here"):
        for _ in range(4):
            proxied.get(path)
    port = free_port()
    metrics = subprocess.Popen([*METRICS, "--port", str(port)], cwd=PROJECT, env=proxied.environment())
    try:
        page = _figures(port, metrics)
    finally:
        metrics.terminate()
        metrics.wait(20)
    counted = {
        (sample.name, sample.labels.get("route"), sample.labels.get("answer")): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert counted["staffroom_request_seconds_count", "sign_in.show", "2xx"] >= 4
    assert counted["staffroom_request_seconds_count", "none", "4xx"] >= 4
    assert counted["staffroom_database_up", None, None] == 1
    assert "acme" not in page
    assert "nowhere" not in page


@pytest.mark.parametrize("host", ["0.0.0.0", "8.8.8.8", "example.com"])
def test_figures_are_not_offered_where_others_come(proxied, host):
    done = subprocess.run(
        [*METRICS, "--host", host, "--port", "1"],
        cwd=PROJECT,
        env=proxied.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "Error:" in done.stderr


METRICS = [sys.executable, "-m", "flask", "--app", "wsgi", "metrics"]


def _figures(port: int, metrics: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 90
    while time.monotonic() < end and metrics.poll() is None:
        try:
            return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=20).text
        except requests.ConnectionError:
            time.sleep(0.2)
    pytest.fail("`flask metrics` did not answer")
