"""What holds on every page: error pages, headers, unknown companies."""

from __future__ import annotations


def test_an_unknown_page_is_404_in_the_portals_look(client):
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Request-ID"] in answer.text


def test_an_unknown_company_is_404(client):
    assert client.get("/c/nobody/people").status_code == 404
