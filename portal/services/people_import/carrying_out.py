"""Does what a preview has shown, whole or not at all: the database rolls back whatever does not end well."""

from __future__ import annotations

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import entitlements, invitations
from portal.services.company_lock import lock_company
from portal.services.people_import import memory
from portal.services.people_import.changed_people import change_people, set_managers
from portal.services.people_import.new_people import add_people
from portal.services.people_import.outcome import Outcome
from portal.services.people_import.own_values import write_values
from portal.services.people_import.places import add_places
from portal.services.people_import.preview import preview
from portal.services.people_import.snapshots import states_of


def carry_out(uow: UnitOfWork, data: bytes, *, digest: str | None = None, invite: bool = False) -> Outcome:
    """Plans the file anew and takes it in, or refuses when it would not do what was shown (`digest`)."""
    lock_company(uow)  # of two imports at once the second sees what the first has done
    outcome = preview(uow, data)
    if outcome.errors:
        raise Refusal(Reason.IMPORT_HAS_ERRORS, count=len(outcome.errors))
    if digest is not None and outcome.digest != digest:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    before = states_of(uow, [one.employee_id for one in outcome.changed])
    places = add_places(uow, outcome)
    # Addresses that become free may be taken by new people, and new people may lead those who change.
    change_people(uow, outcome.changed, places)
    added = add_people(uow, outcome.new, places)
    set_managers(uow, outcome.changed)
    write_values(uow, outcome, {employee.email: employee.id for employee in added})
    entitlements.ensure_grants(uow, [employee.id for employee in added], [uow.today().year])
    uow.session.flush()
    memory.remember(
        uow,
        [employee.id for employee in added],
        before,
        unchanged=outcome.unchanged,
        teams=list(outcome.new_teams),
        sites=list(outcome.new_sites),
    )
    if invite:
        for employee in added:
            invitations.invite(uow, employee)
    return outcome
