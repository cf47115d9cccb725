"""The start page: which company?"""

from __future__ import annotations

import pytest

from portal.services import companies


@pytest.fixture
def acme_domain(as_, cast):
    with as_(cast.ana) as uow:
        companies.verify_domain(uow, "acme.example")


def test_the_page_has_one_field(client):
    page = client.page("/")
    assert page.count('type="text"') == 1


@pytest.mark.parametrize("typed", ["acme", " ACME ", "eve@acme.example", "Nobody.Yet@ACME.example "])
def test_a_short_name_or_an_email_leads_to_the_sign_in(client, acme_domain, typed):
    answer = client.send("/", {"company": typed})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/c/acme/sign-in")


def test_the_email_is_filled_in_but_in_no_address(client, acme_domain):
    """ASVS 14.2.1."""
    answer = client.send("/", {"company": "eve@acme.example"})
    assert "eve" not in answer.headers["Location"]
    assert 'value="eve@acme.example"' in client.page("/c/acme/sign-in")
    assert 'value="eve@acme.example"' not in client.page("/c/beta/sign-in")


@pytest.mark.parametrize(
    "typed",
    [
        "nobody",
        "x@unknown.example",
        "eve@acme.example.evil.example",
        "' OR '1'='1",
        "%",
        "@",
        "../acme",
    ],
)
def test_an_unknown_company_is_told_what_to_do(client, acme_domain, typed):
    answer = client.send("/", {"company": typed})
    assert answer.status_code == 422
    assert "Check the spelling" in answer.text


def test_nothing_typed_is_422(client):
    assert client.send("/", {"company": "  "}).status_code == 422


def test_it_needs_the_form_token(client):
    assert client.post("/", data={"company": "acme"}).status_code == 403


def test_head_and_options_change_nothing(client):
    """T95."""
    assert client.head("/").status_code == 200
    assert client.options("/").status_code == 200
    assert client.put("/").status_code == 405
