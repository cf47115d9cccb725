"""Every table of the first version; row security, the audit log's functions and the job queue follow.

Revision ID: a1f0c0de0001
Revises:
Create Date: 2026-11-22 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA audit")
    op.create_table(
        "head",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_head")),
        schema="audit",
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="Europe/Prague", nullable=False),
        sa.Column("country", sa.Text(), server_default="CZ", nullable=False),
        sa.Column("subdivision", sa.Text(), nullable=True),
        sa.Column("second_factor", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'", name=op.f("ck_company_slug_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("slug", name=op.f("uq_company_slug")),
    )
    op.create_table(
        "absence_type",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("yearly_entitlement", sa.Integer(), nullable=True),
        sa.Column("overdraft", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_absence_type_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_absence_type")),
        sa.UniqueConstraint("company_id", "key", name=op.f("uq_absence_type_company_id_key")),
    )
    op.create_table(
        "event",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_event_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_event")),
        sa.UniqueConstraint("company_id", "seq", name=op.f("uq_event_company_id_seq")),
        schema="audit",
    )
    op.create_index(
        op.f("ix_event_company_id_actor_id_seq"),
        "event",
        ["company_id", "actor_id", "seq"],
        unique=False,
        schema="audit",
    )
    op.create_index(
        op.f("ix_event_company_id_at"), "event", ["company_id", "at"], unique=False, schema="audit"
    )
    op.create_index(
        op.f("ix_event_company_id_subject_id_seq"),
        "event",
        ["company_id", "subject_id", "seq"],
        unique=False,
        schema="audit",
    )
    op.create_table(
        "company_key",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped_by", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_company_key_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_company_key")),
    )
    op.create_table(
        "employee",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("employee_number", sa.Text(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.Column("line_manager_id", sa.Uuid(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_employee_email_lower_case")),
        sa.ForeignKeyConstraint(
            ["company_id", "line_manager_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_employee_company_id_line_manager_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_employee_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_employee")),
        sa.UniqueConstraint("company_id", "email", name=op.f("uq_employee_company_id_email")),
        sa.UniqueConstraint(
            "company_id", "employee_number", name=op.f("uq_employee_company_id_employee_number")
        ),
    )
    op.create_index(
        op.f("ix_employee_company_id_last_name_first_name"),
        "employee",
        ["company_id", "last_name", "first_name"],
        unique=False,
    )
    op.create_index(
        op.f("ix_employee_company_id_line_manager_id"),
        "employee",
        ["company_id", "line_manager_id"],
        unique=False,
    )
    op.create_table(
        "role",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_role_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_role")),
        sa.UniqueConstraint("company_id", "key", name=op.f("uq_role_company_id_key")),
    )
    op.create_table(
        "shift_template",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "break_minutes BETWEEN 0 AND ends_minute - starts_minute",
            name=op.f("ck_shift_template_break_within_shift"),
        ),
        sa.CheckConstraint(
            "ends_minute > starts_minute AND ends_minute <= 2880",
            name=op.f("ck_shift_template_end_after_start"),
        ),
        sa.CheckConstraint(
            "starts_minute BETWEEN 0 AND 1439", name=op.f("ck_shift_template_start_within_day")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_shift_template_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_shift_template")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_shift_template_company_id_code")),
    )
    op.create_table(
        "site",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("subdivision", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_site_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_site")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_site_company_id_name")),
    )
    op.create_table(
        "verified_domain",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_verified_domain_company_id")),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_verified_domain")),
    )
    op.create_index(op.f("ix_verified_domain_company_id"), "verified_domain", ["company_id"], unique=False)
    op.create_table(
        "absence",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "approved",
                "rejected",
                "withdrawn",
                "cancelled",
                name="absencestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("charge", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("requested_by_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_absence_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["company_id", "absence_type_id"],
            ["absence_type.company_id", "absence_type.id"],
            name=op.f("fk_absence_company_id_absence_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "decided_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_absence_company_id_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_absence_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "requested_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_absence_company_id_requested_by_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_absence_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_absence")),
    )
    op.create_index(
        op.f("ix_absence_company_id_employee_id_start_date"),
        "absence",
        ["company_id", "employee_id", "start_date"],
        unique=False,
    )
    op.create_index(
        op.f("ix_absence_company_id_status_start_date"),
        "absence",
        ["company_id", "status", "start_date"],
        unique=False,
    )
    op.create_table(
        "document",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "owner_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_document_company_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_document_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_company_id_title"), "document", ["company_id", "title"], unique=False)
    op.create_table(
        "employment",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("weekly_minutes", sa.Integer(), nullable=False),
        sa.Column("pattern", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("company_id"), "="),
            (sa.column("employee_id"), "="),
            (sa.text("daterange(start_date, end_date, '[]')"), "&&"),
            using="gist",
            name="ex_employment_no_overlap",
        ),
        sa.CheckConstraint("cardinality(pattern) = 7", name=op.f("ck_employment_pattern_of_seven_days")),
        sa.CheckConstraint(
            "end_date IS NULL OR end_date >= start_date", name=op.f("ck_employment_dates_in_order")
        ),
        sa.CheckConstraint(
            "weekly_minutes BETWEEN 0 AND 10080", name=op.f("ck_employment_weekly_minutes_possible")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_employment_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "site_id"],
            ["site.company_id", "site.id"],
            name=op.f("fk_employment_company_id_site_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_employment_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_employment")),
    )
    op.create_index(
        op.f("ix_employment_company_id_employee_id_start_date"),
        "employment",
        ["company_id", "employee_id", "start_date"],
        unique=False,
    )
    op.create_index(
        op.f("ix_employment_company_id_site_id_employee_id"),
        "employment",
        ["company_id", "site_id", "employee_id"],
        unique=False,
    )
    op.create_table(
        "identity",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_identity_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_identity_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_identity")),
        sa.UniqueConstraint(
            "company_id", "provider", "subject", name=op.f("uq_identity_company_id_provider_subject")
        ),
    )
    op.create_index(
        op.f("ix_identity_company_id_employee_id"), "identity", ["company_id", "employee_id"], unique=False
    )
    op.create_table(
        "outbox_message",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel", sa.Enum("mail", "sms", name="channel", native_enum=False, length=40), nullable=False
        ),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("letter_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("queued", "sent", "kept", "failed", name="messagestatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_outbox_message_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_outbox_message_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_outbox_message")),
    )
    op.create_index(
        op.f("ix_outbox_message_company_id_created_at"),
        "outbox_message",
        ["company_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outbox_message_company_id_status"),
        "outbox_message",
        ["company_id", "status"],
        unique=False,
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "phone_factor",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consecutive_failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_phone_factor_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_phone_factor_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_phone_factor")),
        sa.UniqueConstraint("company_id", "employee_id", name=op.f("uq_phone_factor_company_id_employee_id")),
    )
    op.create_index(
        op.f("ix_phone_factor_company_id_phone_index"),
        "phone_factor",
        ["company_id", "phone_index"],
        unique=False,
    )
    op.create_table(
        "role_grant",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_role_grant_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "role_id"],
            ["role.company_id", "role.id"],
            name=op.f("fk_role_grant_company_id_role_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_role_grant_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "company_id", "employee_id", "role_id", name=op.f("uq_role_grant_company_id_employee_id_role_id")
        ),
    )
    op.create_index(
        op.f("ix_role_grant_company_id_role_id"), "role_grant", ["company_id", "role_id"], unique=False
    )
    op.create_table(
        "role_permission",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "role_id"],
            ["role.company_id", "role.id"],
            name=op.f("fk_role_permission_company_id_role_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_role_permission_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_role_permission")),
        sa.UniqueConstraint(
            "company_id",
            "role_id",
            "permission",
            name=op.f("uq_role_permission_company_id_role_id_permission"),
        ),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_sign_in_attempt_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_sign_in_attempt_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(
        op.f("ix_sign_in_attempt_company_id_employee_id_attempted_at"),
        "sign_in_attempt",
        ["company_id", "employee_id", "attempted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sign_in_attempt_company_id_ip_attempted_at"),
        "sign_in_attempt",
        ["company_id", "ip", "attempted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sign_in_attempt_company_id_subject_hash_attempted_at"),
        "sign_in_attempt",
        ["company_id", "subject_hash", "attempted_at"],
        unique=False,
    )
    op.create_table(
        "sign_in_link",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("invitation", "password-reset", name="linkpurpose", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_sign_in_link_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_sign_in_link_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("company_id", "token_hash", name=op.f("uq_sign_in_link_company_id_token_hash")),
    )
    op.create_index(
        op.f("ix_sign_in_link_company_id_employee_id_purpose"),
        "sign_in_link",
        ["company_id", "employee_id", "purpose"],
        unique=False,
    )
    op.create_table(
        "team",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "site_id"], ["site.company_id", "site.id"], name=op.f("fk_team_company_id_site_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_team_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_team")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_team_company_id_name")),
    )
    op.create_table(
        "absence_part",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("full", "am", "pm", "from-to", name="part", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("starts_minute", sa.Integer(), nullable=True),
        sa.Column("ends_minute", sa.Integer(), nullable=True),
        sa.Column("during", postgresql.TSRANGE(), nullable=False),
        sa.Column("charge", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), server_default="true", nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("company_id"), "="),
            (sa.column("employee_id"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("live"),
            using="gist",
            name="ex_absence_part_no_overlap",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "absence_id"],
            ["absence.company_id", "absence.id"],
            name=op.f("fk_absence_part_company_id_absence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_absence_part_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_absence_part_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_absence_part")),
    )
    op.create_index(
        op.f("ix_absence_part_company_id_absence_id"),
        "absence_part",
        ["company_id", "absence_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_absence_part_company_id_date"),
        "absence_part",
        ["company_id", "date"],
        unique=False,
        postgresql_where=sa.text("live"),
    )
    op.create_index(
        op.f("ix_absence_part_company_id_employee_id_date"),
        "absence_part",
        ["company_id", "employee_id", "date"],
        unique=False,
    )
    op.create_table(
        "document_version",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.id"],
            name=op.f("fk_document_version_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "uploaded_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_document_version_company_id_uploaded_by_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_document_version_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_document_version")),
        sa.UniqueConstraint(
            "company_id",
            "document_id",
            "number",
            name=op.f("uq_document_version_company_id_document_id_number"),
        ),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "grant",
                "accrue",
                "carry-in",
                "consume",
                "release",
                "expire",
                "adjust",
                "transfer",
                "pay-out",
                name="entrykind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("effective_date", sa.Date(), nullable=False),
        sa.Column("origin_year", sa.Integer(), nullable=False),
        sa.Column("usable_from", sa.Date(), nullable=False),
        sa.Column("usable_through", sa.Date(), nullable=False),
        sa.Column("absence_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("usable_through >= usable_from", name=op.f("ck_ledger_entry_bucket_in_order")),
        sa.ForeignKeyConstraint(
            ["company_id", "absence_id"],
            ["absence.company_id", "absence.id"],
            name=op.f("fk_ledger_entry_company_id_absence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "absence_type_id"],
            ["absence_type.company_id", "absence_type.id"],
            name=op.f("fk_ledger_entry_company_id_absence_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "author_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_ledger_entry_company_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_ledger_entry_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_ledger_entry_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_ledger_entry")),
    )
    op.create_index(
        op.f("ix_ledger_entry_company_id_absence_id"),
        "ledger_entry",
        ["company_id", "absence_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ledger_entry_company_id_employee_id_absence_type_id_effective_date"),
        "ledger_entry",
        ["company_id", "employee_id", "absence_type_id", "effective_date"],
        unique=False,
    )
    op.create_table(
        "roster",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_roster_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["company_id", "published_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_roster_company_id_published_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "team_id"],
            ["team.company_id", "team.id"],
            name=op.f("fk_roster_company_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_roster_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_roster")),
        sa.UniqueConstraint(
            "company_id", "team_id", "start_date", name=op.f("uq_roster_company_id_team_id_start_date")
        ),
    )
    op.create_index(
        op.f("ix_roster_company_id_start_date"), "roster", ["company_id", "start_date"], unique=False
    )
    op.create_table(
        "sign_in_session",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("absolute_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_sign_in_session_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "identity_id"],
            ["identity.company_id", "identity.id"],
            name=op.f("fk_sign_in_session_company_id_identity_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_sign_in_session_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint(
            "company_id", "token_hash", name=op.f("uq_sign_in_session_company_id_token_hash")
        ),
    )
    op.create_index(
        op.f("ix_sign_in_session_company_id_employee_id_revoked_at"),
        "sign_in_session",
        ["company_id", "employee_id", "revoked_at"],
        unique=False,
    )
    op.create_table(
        "team_membership",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("company_id"), "="),
            (sa.column("employee_id"), "="),
            (sa.column("team_id"), "="),
            (sa.text("daterange(start_date, end_date, '[]')"), "&&"),
            using="gist",
            name="ex_team_membership_no_overlap",
        ),
        sa.CheckConstraint(
            "end_date IS NULL OR end_date >= start_date", name=op.f("ck_team_membership_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_team_membership_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "team_id"],
            ["team.company_id", "team.id"],
            name=op.f("fk_team_membership_company_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_team_membership_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_team_membership")),
    )
    op.create_index(
        op.f("ix_team_membership_company_id_employee_id_team_id"),
        "team_membership",
        ["company_id", "employee_id", "team_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_team_membership_company_id_team_id_employee_id"),
        "team_membership",
        ["company_id", "team_id", "employee_id"],
        unique=False,
    )
    op.create_table(
        "distribution",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_version_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("distributed_by_id", sa.Uuid(), nullable=False),
        sa.Column("distributed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "distributed_by_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_distribution_company_id_distributed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "document_version_id"],
            ["document_version.company_id", "document_version.id"],
            name=op.f("fk_distribution_company_id_document_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "team_id"],
            ["team.company_id", "team.id"],
            name=op.f("fk_distribution_company_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_distribution_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_distribution")),
    )
    op.create_index(
        op.f("ix_distribution_company_id_document_version_id"),
        "distribution",
        ["company_id", "document_version_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_distribution_company_id_team_id"), "distribution", ["company_id", "team_id"], unique=False
    )
    op.create_table(
        "one_time_code",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.LargeBinary(), nullable=False),
        sa.Column("code_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_one_time_code_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "session_id"],
            ["sign_in_session.company_id", "sign_in_session.id"],
            name=op.f("fk_one_time_code_company_id_session_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_one_time_code_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_one_time_code")),
    )
    op.create_index(
        op.f("ix_one_time_code_company_id_employee_id_created_at"),
        "one_time_code",
        ["company_id", "employee_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_one_time_code_company_id_phone_index_created_at"),
        "one_time_code",
        ["company_id", "phone_index", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_one_time_code_company_id_session_id"),
        "one_time_code",
        ["company_id", "session_id"],
        unique=False,
    )
    op.create_table(
        "published_shift",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("shift_template_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("paid_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("company_id"), "="),
            (sa.column("employee_id"), "="),
            (sa.column("during"), "&&"),
            using="gist",
            name="ex_published_shift_no_overlap",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_published_shift_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "roster_id"],
            ["roster.company_id", "roster.id"],
            name=op.f("fk_published_shift_company_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "shift_template_id"],
            ["shift_template.company_id", "shift_template.id"],
            name=op.f("fk_published_shift_company_id_shift_template_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_published_shift_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_published_shift")),
    )
    op.create_index(
        op.f("ix_published_shift_company_id_date"), "published_shift", ["company_id", "date"], unique=False
    )
    op.create_index(
        op.f("ix_published_shift_company_id_employee_id_date"),
        "published_shift",
        ["company_id", "employee_id", "date"],
        unique=False,
    )
    op.create_index(
        op.f("ix_published_shift_company_id_roster_id_date"),
        "published_shift",
        ["company_id", "roster_id", "date"],
        unique=False,
    )
    op.create_table(
        "shift",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("roster_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("shift_template_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("paid_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("company_id"), "="),
            (sa.column("employee_id"), "="),
            (sa.column("during"), "&&"),
            using="gist",
            name="ex_shift_no_overlap",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_shift_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "roster_id"],
            ["roster.company_id", "roster.id"],
            name=op.f("fk_shift_company_id_roster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "shift_template_id"],
            ["shift_template.company_id", "shift_template.id"],
            name=op.f("fk_shift_company_id_shift_template_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_shift_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_shift")),
    )
    op.create_index(op.f("ix_shift_company_id_date"), "shift", ["company_id", "date"], unique=False)
    op.create_index(
        op.f("ix_shift_company_id_employee_id_date"),
        "shift",
        ["company_id", "employee_id", "date"],
        unique=False,
    )
    op.create_index(
        op.f("ix_shift_company_id_roster_id_date"), "shift", ["company_id", "roster_id", "date"], unique=False
    )
    op.create_table(
        "distribution_recipient",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("distribution_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "distribution_id"],
            ["distribution.company_id", "distribution.id"],
            name=op.f("fk_distribution_recipient_company_id_distribution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_distribution_recipient_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_distribution_recipient_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_distribution_recipient")),
        sa.UniqueConstraint(
            "company_id",
            "distribution_id",
            "employee_id",
            name=op.f("uq_distribution_recipient_company_id_distribution_id_employee_id"),
        ),
    )
    op.create_index(
        op.f("ix_distribution_recipient_company_id_employee_id"),
        "distribution_recipient",
        ["company_id", "employee_id"],
        unique=False,
    )
    op.create_table(
        "confirmation",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("distribution_recipient_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "distribution_recipient_id"],
            ["distribution_recipient.company_id", "distribution_recipient.id"],
            name=op.f("fk_confirmation_company_id_distribution_recipient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "employee_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_confirmation_company_id_employee_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_confirmation_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint(
            "company_id",
            "distribution_recipient_id",
            name=op.f("uq_confirmation_company_id_distribution_recipient_id"),
        ),
    )
    op.create_index(
        op.f("ix_confirmation_company_id_employee_id"),
        "confirmation",
        ["company_id", "employee_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_confirmation_company_id_employee_id"), table_name="confirmation")
    op.drop_table("confirmation")
    op.drop_index(
        op.f("ix_distribution_recipient_company_id_employee_id"), table_name="distribution_recipient"
    )
    op.drop_table("distribution_recipient")
    op.drop_index(op.f("ix_shift_company_id_roster_id_date"), table_name="shift")
    op.drop_index(op.f("ix_shift_company_id_employee_id_date"), table_name="shift")
    op.drop_index(op.f("ix_shift_company_id_date"), table_name="shift")
    op.drop_table("shift")
    op.drop_index(op.f("ix_published_shift_company_id_roster_id_date"), table_name="published_shift")
    op.drop_index(op.f("ix_published_shift_company_id_employee_id_date"), table_name="published_shift")
    op.drop_index(op.f("ix_published_shift_company_id_date"), table_name="published_shift")
    op.drop_table("published_shift")
    op.drop_index(op.f("ix_one_time_code_company_id_session_id"), table_name="one_time_code")
    op.drop_index(op.f("ix_one_time_code_company_id_phone_index_created_at"), table_name="one_time_code")
    op.drop_index(op.f("ix_one_time_code_company_id_employee_id_created_at"), table_name="one_time_code")
    op.drop_table("one_time_code")
    op.drop_index(op.f("ix_distribution_company_id_team_id"), table_name="distribution")
    op.drop_index(op.f("ix_distribution_company_id_document_version_id"), table_name="distribution")
    op.drop_table("distribution")
    op.drop_index(op.f("ix_team_membership_company_id_team_id_employee_id"), table_name="team_membership")
    op.drop_index(op.f("ix_team_membership_company_id_employee_id_team_id"), table_name="team_membership")
    op.drop_table("team_membership")
    op.drop_index(op.f("ix_sign_in_session_company_id_employee_id_revoked_at"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_roster_company_id_start_date"), table_name="roster")
    op.drop_table("roster")
    op.drop_index(
        op.f("ix_ledger_entry_company_id_employee_id_absence_type_id_effective_date"),
        table_name="ledger_entry",
    )
    op.drop_index(op.f("ix_ledger_entry_company_id_absence_id"), table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_table("document_version")
    op.drop_index(op.f("ix_absence_part_company_id_employee_id_date"), table_name="absence_part")
    op.drop_index(
        op.f("ix_absence_part_company_id_date"), table_name="absence_part", postgresql_where=sa.text("live")
    )
    op.drop_index(op.f("ix_absence_part_company_id_absence_id"), table_name="absence_part")
    op.drop_table("absence_part")
    op.drop_table("team")
    op.drop_index(op.f("ix_sign_in_link_company_id_employee_id_purpose"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_index(
        op.f("ix_sign_in_attempt_company_id_subject_hash_attempted_at"), table_name="sign_in_attempt"
    )
    op.drop_index(op.f("ix_sign_in_attempt_company_id_ip_attempted_at"), table_name="sign_in_attempt")
    op.drop_index(
        op.f("ix_sign_in_attempt_company_id_employee_id_attempted_at"), table_name="sign_in_attempt"
    )
    op.drop_table("sign_in_attempt")
    op.drop_table("role_permission")
    op.drop_index(op.f("ix_role_grant_company_id_role_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_phone_factor_company_id_phone_index"), table_name="phone_factor")
    op.drop_table("phone_factor")
    op.drop_index(
        op.f("ix_outbox_message_company_id_status"),
        table_name="outbox_message",
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.drop_index(op.f("ix_outbox_message_company_id_created_at"), table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_index(op.f("ix_identity_company_id_employee_id"), table_name="identity")
    op.drop_table("identity")
    op.drop_index(op.f("ix_employment_company_id_site_id_employee_id"), table_name="employment")
    op.drop_index(op.f("ix_employment_company_id_employee_id_start_date"), table_name="employment")
    op.drop_table("employment")
    op.drop_index(op.f("ix_document_company_id_title"), table_name="document")
    op.drop_table("document")
    op.drop_index(op.f("ix_absence_company_id_status_start_date"), table_name="absence")
    op.drop_index(op.f("ix_absence_company_id_employee_id_start_date"), table_name="absence")
    op.drop_table("absence")
    op.drop_index(op.f("ix_verified_domain_company_id"), table_name="verified_domain")
    op.drop_table("verified_domain")
    op.drop_table("site")
    op.drop_table("shift_template")
    op.drop_table("role")
    op.drop_index(op.f("ix_employee_company_id_line_manager_id"), table_name="employee")
    op.drop_index(op.f("ix_employee_company_id_last_name_first_name"), table_name="employee")
    op.drop_table("employee")
    op.drop_table("company_key")
    op.drop_index(op.f("ix_event_company_id_subject_id_seq"), table_name="event", schema="audit")
    op.drop_index(op.f("ix_event_company_id_at"), table_name="event", schema="audit")
    op.drop_index(op.f("ix_event_company_id_actor_id_seq"), table_name="event", schema="audit")
    op.drop_table("event", schema="audit")
    op.drop_table("absence_type")
    op.drop_table("company")
    op.drop_table("head", schema="audit")
    op.execute("DROP SCHEMA audit")
