"""consents, preferred channels, the templates of each inbox, and when its token runs out"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("identity_id", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", core.db.UtcTime(timezone=True), nullable=False),
        *_row("consent"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_consent_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_consent_identity_id")
        ),
    )
    op.create_index("ix_consent_of_customer", "consent", ["customer_id", "purpose", "at"])
    op.create_table(
        "preference",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        *_row("preference"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_preference_customer_id")
        ),
    )
    op.create_index(op.f("ix_preference_customer_id"), "preference", ["customer_id"])
    _templates()
    ends = sa.Column("token_expires_at", core.db.UtcTime(timezone=True), nullable=True)
    op.add_column("inbox", ends)
    op.create_index("ix_event_latest", "event", ["inbox_id", "id"])


def _templates() -> None:
    words = ("provider_id", "name", "language", "category", "state", "quality", "reason")
    texts = ("header", "body", "footer")
    op.create_table(
        "message_template",
        sa.Column("inbox_id", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in (*words, *texts)),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("buttons", "gaps", "fills")),
        sa.Column("for_late_answers", sa.Boolean(), nullable=False),
        sa.Column("synced_at", core.db.UtcTime(timezone=True), nullable=False),
        *_row("message_template"),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox.id"], name=op.f("fk_message_template_inbox_id")
        ),
        sa.UniqueConstraint(
            "inbox_id", "name", "language", name=op.f("uq_message_template_inbox_id_name_language")
        ),
    )
    op.create_index(
        op.f("ix_message_template_provider_id"), "message_template", ["provider_id"]
    )


def _row(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_index("ix_event_latest", "event")
    op.drop_column("inbox", "token_expires_at")
    for table in ("message_template", "preference", "consent"):
        op.drop_table(table)
