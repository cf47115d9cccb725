"""The local outbox of a demonstration."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.blueprints import all_blueprints
from portal.config import Mode, SettingError, Settings
from portal.models import Employee
from portal.services import invitations


def test_a_newcomer_can_follow_an_invitation(client, cast, as_):
    with as_(cast.ana) as uow:
        invitations.invite_employee(uow, cast.otto.employee_id)
    page = client.page("/outbox")
    assert '<a href="http://localhost/c/acme/invitations/' in page
    assert "In production this page does not exist" in page


def test_only_our_own_addresses_become_links(client, cast, as_):
    """T122: a name that looks like an address or like markup stays text."""
    hostile = 'https://evil.example/ <a href="https://evil.example">x</a> http://localhost.evil.example/'
    with as_(cast.ana) as uow:
        otto = Employee.id == cast.otto.employee_id
        uow.session.execute(update(Employee).where(otto).values(first_name=hostile))
        invitations.invite_employee(uow, cast.otto.employee_id)
    page = client.page("/outbox")
    assert 'href="https://evil' not in page
    assert 'href="http://localhost.evil' not in page


def test_an_empty_outbox_says_what_to_do(client):
    assert "No message yet" in client.page("/outbox")


def test_production_has_no_such_page(tmp_path):
    """ASVS 15.2.3."""
    assert "outbox" not in [one.name for one in all_blueprints(outbox=False, support=True)]
    unsafe = Settings(mode=Mode.PRODUCTION, instance=tmp_path, url="https://staff.example", outbox=True)
    with pytest.raises(SettingError):
        unsafe.refuse_what_is_unsafe()
