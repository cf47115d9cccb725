"""People and the terms on which they work."""

from portal.domain.data_map import Basis, Erase, Purpose, Retention, Rows
from portal.models import (
    CustomField,
    CustomValue,
    Employee,
    Employment,
    LineManagement,
    PeopleChange,
    PeopleImport,
    RoleGrant,
    TeamMembership,
)
from portal.services.data_map.cards import card

CARDS = [
    card(
        Employee,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.CONTRACT,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="id",
        plain="email first_name last_name employee_number job_title language time_zone active erased_at",
        # Who leads somebody is in LineManagement; the column is of the version before.
        technical="line_manager_id",
        sealed="phone_sealed",
        file="photo_key",
        erased={
            "email": Erase.PSEUDONYM,
            "job_title": Erase.NULL,
            "line_manager_id": Erase.NULL,
            "phone_sealed": Erase.NULL,
            "photo_key": Erase.NULL,
            "time_zone": Erase.NULL,
            "first_name": Erase.PSEUDONYM,
            "last_name": Erase.PSEUDONYM,
            "employee_number": Erase.NULL,
        },
        # Without a name the records of working time that the law asks for would be nobody's.
        until={
            "first_name": Retention.CLAIMS,
            "last_name": Retention.CLAIMS,
            "employee_number": Retention.CLAIMS,
        },
    ),
    card(
        Employment,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.CONTRACT,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="site_id start_date end_date weekly_minutes pattern further_weeks cycle_begins agreed_days by_roster"
        " opens_period",
    ),
    card(
        TeamMembership,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.CONTRACT,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        plain="team_id start_date end_date",
    ),
    card(
        LineManagement,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.CONTRACT,
        retention=Retention.CLAIMS,
        rows=Rows.PSEUDONYMOUS,
        person="employee_id",
        people="manager_id",
        plain="start_date end_date",
    ),
    card(
        RoleGrant,
        purpose=Purpose.SIGN_IN,
        basis=Basis.CONTRACT,
        retention=Retention.EMPLOYMENT,
        rows=Rows.DELETED,
        person="employee_id",
        plain="role_id",
    ),
    card(
        CustomField,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.NONE,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        technical="name kind field_group choices retention position archived_at",
    ),
    card(
        CustomValue,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.CONTRACT,
        retention=Retention.FIELD,
        rows=Rows.DELETED,
        person="employee_id",
        plain="field_id value",
        sealed="value_sealed",
    ),
    card(
        PeopleChange,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.CONTRACT,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="asked_by_id undone_by_id",
        technical="kind asked only_possible digest status total done passed_over problem finished_at undo_until"
        " undone_at",
        secret="people_sealed",  # noqa: S106
    ),
    card(
        PeopleImport,
        purpose=Purpose.EMPLOYMENT,
        basis=Basis.CONTRACT,
        retention=Retention.COMPANY,
        rows=Rows.UNTOUCHED,
        people="imported_by_id undone_by_id",
        # Copies of the people whom it changed, for the undo: gone after a day, and no part of anybody's record.
        technical="new_people changed_people undo_until undone_at",
        secret="people_sealed",  # noqa: S106
    ),
]
