"""Line managers by date: one at a time, from a day to a day. What is known today begins with the person's first day.

The column `employee.line_manager_id` stays for the version before, which may still be running: what that writes is
carried over by a trigger, from the day on which it is written. This version neither reads nor writes the column.

Revision ID: a1f0c0de0128
Revises: a1f0c0de0127
Create Date: 2026-11-27 14:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0128"
down_revision = "a1f0c0de0127"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
TABLE = "line_management"
COLUMNS = "(company_id, id, employee_id, manager_id, start_date, end_date)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(TABLE, *_columns(), *_constraints())
    for columns in (("employee_id", "start_date"), ("manager_id", "employee_id")):
        name = op.f(f"ix_{TABLE}_company_id_{'_'.join(columns)}")
        op.create_index(name, TABLE, ["company_id", *columns], unique=False)
    _carry_over()
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {TABLE} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO staffroom_app")
    # Whoever of the operator's staff is let in reads what the column has shown them up to now.
    op.execute(f"GRANT SELECT ON {TABLE} TO staffroom_support")
    op.execute(
        f"CREATE POLICY support ON {TABLE} AS RESTRICTIVE TO staffroom_support"
        " USING (company_id = (SELECT public.support_company(false)))"
        " WITH CHECK (company_id = (SELECT public.support_company(true)))"
    )
    _follow_the_version_before()


def downgrade() -> None:
    op.execute("DROP TRIGGER line_manager_given ON employee")
    op.execute("DROP TRIGGER line_manager_changed ON employee")
    op.execute("DROP FUNCTION public.follow_line_manager()")
    op.drop_table(TABLE)


def _columns() -> list[sa.Column]:
    return [
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _constraints() -> list:
    return [
        sa.CheckConstraint(
            "end_date IS NULL OR end_date >= start_date", name=op.f(f"ck_{TABLE}_dates_in_order")
        ),
        sa.CheckConstraint("manager_id <> employee_id", name=op.f(f"ck_{TABLE}_nobody_leads_themselves")),
        postgresql.ExcludeConstraint(
            (sa.column("company_id"), "="),
            (sa.column("employee_id"), "="),
            (sa.text("daterange(start_date, end_date, '[]')"), "&&"),
            using="gist",
            name=f"ex_{TABLE}_no_overlap",
        ),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                ["employee.company_id", "employee.id"],
                name=op.f(f"fk_{TABLE}_company_id_{column}"),
            )
            for column in ("employee_id", "manager_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{TABLE}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{TABLE}")),
    ]


def _carry_over() -> None:
    """Row security binds the owner too, so it is lifted for this statement."""
    for table in ("employee", "employment"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        f"INSERT INTO {TABLE} {COLUMNS}"  # noqa: S608
        " SELECT company_id, gen_random_uuid(), id, line_manager_id, first_day,"
        "        CASE WHEN active THEN NULL ELSE greatest(first_day, last_day) END"
        " FROM (SELECT one.company_id, one.id, one.line_manager_id, one.active,"
        "   least(coalesce(min(terms.start_date), one.created_at::date), current_date) AS first_day,"
        "   coalesce(max(terms.end_date), current_date) AS last_day"
        "   FROM employee one LEFT JOIN employment terms"
        "     ON terms.company_id = one.company_id AND terms.employee_id = one.id"
        "   WHERE one.line_manager_id <> one.id GROUP BY one.company_id, one.id) AS led"
    )
    for table in ("employee", "employment"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _follow_the_version_before() -> None:
    """Runs with the rights of whoever writes, and under their row security."""
    op.execute(f"""
        CREATE FUNCTION public.follow_line_manager() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            IF current_setting('app.restoring', true) = 'yes' THEN
                RETURN NULL;  -- a company that comes back brings its rows with it
            END IF;
            DELETE FROM public.{TABLE} WHERE company_id = NEW.company_id AND employee_id = NEW.id
                AND start_date >= current_date;
            UPDATE public.{TABLE} SET end_date = current_date - 1
                WHERE company_id = NEW.company_id AND employee_id = NEW.id
                AND (end_date IS NULL OR end_date >= current_date);
            IF NEW.line_manager_id <> NEW.id THEN
                INSERT INTO public.{TABLE} {COLUMNS}
                VALUES (NEW.company_id, gen_random_uuid(), NEW.id, NEW.line_manager_id, current_date, NULL);
            END IF;
            RETURN NULL;
        END $$
    """)  # noqa: S608
    op.execute(
        "CREATE TRIGGER line_manager_given AFTER INSERT ON employee FOR EACH ROW"
        " WHEN (NEW.line_manager_id IS NOT NULL) EXECUTE FUNCTION public.follow_line_manager()"
    )
    op.execute(
        "CREATE TRIGGER line_manager_changed AFTER UPDATE OF line_manager_id ON employee FOR EACH ROW"
        " WHEN (NEW.line_manager_id IS DISTINCT FROM OLD.line_manager_id)"
        " EXECUTE FUNCTION public.follow_line_manager()"
    )
