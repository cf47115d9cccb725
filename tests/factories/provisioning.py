"""A directory service that speaks SCIM to the portal, as a test needs it."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.services import provisioning_tokens
from tests.fixtures.cast import Member

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


class Directory:
    """Requests with a token to one company's service; every answer must be SCIM's JSON and set no cookie."""

    def __init__(self, app: Flask, company: str, token: str) -> None:
        self.client = app.test_client()
        self.company = company
        self.token = token

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            options = {
                "data": body if isinstance(body, bytes) else json.dumps(body),
                "content_type": "application/scim+json",
                **options,
            }
        answer = self.client.open(
            f"/c/{self.company}/scim/v2/{path}", method=method, headers=headers, **options
        )
        assert "Set-Cookie" not in answer.headers
        if answer.status_code != 204:
            assert answer.content_type == "application/scim+json", (answer.status, answer.text[:300])
        return answer

    def get(self, path: str, **options: Any) -> dict[str, Any]:
        answer = self.ask("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.get_json(force=True)

    def create(self, kind: str, **values: Any) -> dict[str, Any]:
        answer = self.ask("POST", kind, {"schemas": [USER if kind == "Users" else GROUP], **values})
        assert answer.status_code == 201, answer.text
        return answer.get_json(force=True)

    def patch(self, path: str, *operations: dict[str, Any]) -> TestResponse:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


def directory(
    app: Flask, as_: Any, admin: Member, *, name: str = "Entra", invites: bool = False
) -> Directory:
    """The directory of the admin's company, with a token the admin has made."""
    with as_(admin) as uow:
        token = provisioning_tokens.issue(uow, name=name, invites=invites)
    return Directory(app, admin.company.slug, token)


def somebody(email: str = "nina@acme.example", **values: Any) -> dict[str, Any]:
    """A new person as Entra sends them."""
    return {
        "userName": email,
        "externalId": "3fa1",
        "active": True,
        "displayName": "Nina Nová",
        "emails": [{"primary": True, "type": "work", "value": email}],
        "name": {"formatted": "Nina Nová", "givenName": "Nina", "familyName": "Nová"},
        "title": "Nurse",
        **values,
    }
