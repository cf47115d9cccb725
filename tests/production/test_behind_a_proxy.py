"""Production as docs/operations.md sets it up: nginx with TLS, two web processes, restarted in turn."""

from __future__ import annotations

import threading
from collections import Counter

import requests


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
