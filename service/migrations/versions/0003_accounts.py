"""Accounts: who may come in, and how."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import (
    check,
    drop_tables,
    index,
    instant,
    json,
    number,
    one_of,
    points_to,
    primary_key,
    text,
    unique,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "accounts",
    "identities",
    "single_use_links",
    "recovery_codes",
    "sessions",
    "throttles",
    "api_keys",
)


def upgrade() -> None:
    create_accounts()
    create_identities()
    create_single_use_links()
    create_recovery_codes()
    create_sessions()
    create_throttles()
    create_api_keys()
    let_people_change_records()


def downgrade() -> None:
    let_only_imports_change_records()
    drop_tables(TABLES)


def create_accounts() -> None:
    op.create_table(
        "accounts",
        text("id"),
        text("email"),
        text("name"),
        one_of("role", "public", "reader", "commune", "consultant", "administrator"),
        text("commune_istat", nullable=True),
        one_of("state", "invited", "active", "disabled"),
        text("language"),
        text("password_hash", nullable=True),
        text("totp_secret", nullable=True),
        instant("totp_confirmed_at", nullable=True),
        number("totp_last_step", nullable=True),
        instant("created_at"),
        instant("last_login_at", nullable=True),
        number("version"),
        check("accounts", "commune_of_role", "(role = 'commune') = (commune_istat IS NOT NULL)"),
        check("accounts", "email_is_lower", "email = lower(email) AND length(email) >= 3"),
        check("accounts", "role_is_given", "role <> 'public'"),
        check("accounts", "version", "version >= 1"),
        points_to("accounts", "commune_istat", "communes"),
        unique("accounts", "email"),
        primary_key("accounts", "id"),
    )
    index("accounts", "commune_istat")


def create_identities() -> None:
    op.create_table(
        "identities",
        text("issuer"),
        text("subject"),
        text("account_id"),
        instant("created_at"),
        points_to("identities", "account_id", "accounts"),
        primary_key("identities", "issuer", "subject"),
    )
    index("identities", "account_id")


def create_single_use_links() -> None:
    op.create_table(
        "single_use_links",
        text("token_hash"),
        one_of("purpose", "invitation", "password_reset"),
        text("account_id"),
        instant("created_at"),
        instant("expires_at"),
        instant("used_at", nullable=True),
        points_to("single_use_links", "account_id", "accounts"),
        primary_key("single_use_links", "token_hash"),
    )
    index("single_use_links", "account_id")


def create_recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        text("code_hash"),
        text("account_id"),
        instant("used_at", nullable=True),
        points_to("recovery_codes", "account_id", "accounts"),
        primary_key("recovery_codes", "code_hash"),
    )
    index("recovery_codes", "account_id")


def create_sessions() -> None:
    op.create_table(
        "sessions",
        text("secret_hash"),
        text("account_id"),
        text("csrf_token"),
        instant("created_at"),
        instant("last_seen_at"),
        instant("expires_at"),
        instant("second_factor_at", nullable=True),
        instant("revoked_at", nullable=True),
        points_to("sessions", "account_id", "accounts"),
        primary_key("sessions", "secret_hash"),
    )
    index("sessions", "account_id", "expires_at")


def create_throttles() -> None:
    op.create_table(
        "throttles",
        text("key"),
        number("failures"),
        instant("since"),
        primary_key("throttles", "key"),
    )
    index("throttles", "since")


def create_api_keys() -> None:
    op.create_table(
        "api_keys",
        text("id"),
        text("prefix"),
        text("secret_hash"),
        text("name"),
        text("account_id"),
        json("scopes"),
        instant("created_at"),
        instant("expires_at"),
        instant("last_used_at", nullable=True),
        instant("revoked_at", nullable=True),
        points_to("api_keys", "account_id", "accounts"),
        unique("api_keys", "prefix"),
        primary_key("api_keys", "id"),
    )
    index("api_keys", "account_id")


def let_people_change_records() -> None:
    with op.batch_alter_table("record_changes") as batch:
        batch.add_column(text("account_id", nullable=True))
        batch.alter_column("import_id", existing_type=sa.Integer(), nullable=True)
        batch.create_index(op.f("ix_record_changes_account_id"), ["account_id"])
        batch.create_foreign_key(op.f("fk_record_changes_account_id_accounts"), "accounts", ["account_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_record_changes_one_author"), "(import_id IS NULL) <> (account_id IS NULL)"
        )


def let_only_imports_change_records() -> None:
    op.execute("DELETE FROM record_changes WHERE import_id IS NULL")
    with op.batch_alter_table("record_changes") as batch:
        batch.drop_constraint(op.f("ck_record_changes_one_author"), type_="check")
        batch.drop_constraint(op.f("fk_record_changes_account_id_accounts"), type_="foreignkey")
        batch.drop_index(op.f("ix_record_changes_account_id"))
        batch.alter_column("import_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("account_id")
