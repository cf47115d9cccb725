"""Companies' own fields of people, their photos, and what it takes to undo the last import of people.

Safe to run beside the version before it: tables, a column, a function and a permission of the role HR are added.

Revision ID: a1f0c0de0012
Revises: a1f0c0de0016
Create Date: 2026-11-27 05:40:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0012"
down_revision = "a1f0c0de0016"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
NEW_TABLES = ["people_import", "custom_field", "custom_value"]

# The app may not delete from the ledger, and a person whom an import brought by mistake has a yearly grant. A ledger
# row goes here only together with its person: whoever anything else rests on (an absence, another entry, an older
# grant) is held by the foreign keys, and then nothing at all is gone. The ledger of those who stay cannot be reached.
REMOVE_PEOPLE = """
CREATE FUNCTION remove_new_people(people uuid[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bound uuid := nullif(current_setting('app.company_id', true), '')::uuid;
    grants integer;
BEGIN
    DELETE FROM public.ledger_entry AS entry
    WHERE entry.company_id = bound AND entry.employee_id = ANY (people)
    AND entry.kind = 'grant' AND entry.absence_id IS NULL AND entry.created_at > now() - interval '2 days';
    GET DIAGNOSTICS grants = ROW_COUNT;
    DELETE FROM public.employee AS person WHERE person.company_id = bound AND person.id = ANY (people);
    RETURN grants;
END
$$
"""


# Company by company, because row security binds the owner too.
GIVE_HR_THE_FIELDS = """
DO $$
DECLARE one uuid;
BEGIN
    FOR one IN SELECT id FROM company LOOP
        PERFORM set_config('app.company_id', one::text, true);
        INSERT INTO role_permission (company_id, id, role_id, permission, reach)
        SELECT one, gen_random_uuid(), role.id, 'people-fields:manage', 'company' FROM role
        WHERE role.company_id = one AND role.key = 'hr' ON CONFLICT DO NOTHING;
    END LOOP;
    PERFORM set_config('app.company_id', '', true);
END
$$
"""
TAKE_THE_FIELDS_FROM_HR = """
DO $$
DECLARE one uuid;
BEGIN
    FOR one IN SELECT id FROM company LOOP
        PERFORM set_config('app.company_id', one::text, true);
        DELETE FROM role_permission WHERE company_id = one AND permission = 'people-fields:manage';
    END LOOP;
    PERFORM set_config('app.company_id', '', true);
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "people_import",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("imported_by_id", sa.Uuid(), nullable=True),
        sa.Column("new_people", sa.Integer(), nullable=False),
        sa.Column("changed_people", sa.Integer(), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_people_import_company_id"),
        sa.ForeignKeyConstraint(
            ["company_id", "imported_by_id"],
            ["employee.company_id", "employee.id"],
            name="fk_people_import_company_id_imported_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "undone_by_id"],
            ["employee.company_id", "employee.id"],
            name="fk_people_import_company_id_undone_by_id",
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name="pk_people_import"),
    )
    op.create_index("ix_people_import_company_id_created_at", "people_import", ["company_id", "created_at"])
    op.add_column("employee", sa.Column("photo_key", sa.Uuid(), nullable=True))
    _custom_fields()
    for table in NEW_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
    op.execute(REMOVE_PEOPLE)
    op.execute(GIVE_HR_THE_FIELDS)
    op.execute("REVOKE ALL ON FUNCTION remove_new_people(uuid[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION remove_new_people(uuid[]) TO staffroom_app")


def _custom_fields() -> None:
    op.create_table(
        "custom_field",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("field_group", sa.String(length=40), nullable=False),
        sa.Column("choices", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("retention", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_custom_field_company_id"),
        sa.PrimaryKeyConstraint("company_id", "id", name="pk_custom_field"),
        sa.UniqueConstraint("company_id", "name", name="uq_custom_field_company_id_name"),
    )
    op.create_table(
        "custom_value",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(value IS NULL) <> (value_sealed IS NULL)", name="ck_custom_value_sealed_or_not"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_custom_value_company_id"),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name="fk_custom_value_company_id_employee_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "field_id"],
            ["custom_field.company_id", "custom_field.id"],
            name="fk_custom_value_company_id_field_id",
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name="pk_custom_value"),
        sa.UniqueConstraint(
            "company_id", "employee_id", "field_id", name="uq_custom_value_company_id_employee_id_field_id"
        ),
    )
    op.create_index("ix_custom_value_company_id_field_id", "custom_value", ["company_id", "field_id"])


def downgrade() -> None:
    op.execute(TAKE_THE_FIELDS_FROM_HR)
    op.execute("DROP FUNCTION remove_new_people(uuid[])")
    for table in reversed(NEW_TABLES):
        op.drop_table(table)
    op.drop_column("employee", "photo_key")
