"""links between identities and customers are evidence; moving an identity is a row"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("identity") as batch:
        batch.add_column(sa.Column("seen_with", sa.String(), nullable=True))
        batch.add_column(sa.Column("retired_at", core.db.UtcTime(timezone=True), nullable=True))
        batch.add_column(
            sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("customer_id", sa.String(), nullable=True))
        batch.add_column(sa.Column("stale_at", core.db.UtcTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("stale_why", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("stale_by", sa.String(), nullable=True))
        batch.drop_constraint("uq_evidence_identity_id_source", type_="unique")
        batch.create_index("ix_evidence_identity_id", ["identity_id"])
        batch.create_index("ix_evidence_customer_id", ["customer_id"])
    with op.batch_alter_table("thread") as batch:
        batch.add_column(sa.Column("home_id", sa.String(), nullable=True))
        batch.create_index("ix_thread_home_id", ["home_id"])
        batch.create_index("ix_thread_identity_id", ["identity_id"])
    op.create_index("ix_message_thread_id", "message", ["thread_id"])
    op.create_index("ix_customer_name", "customer", ["name"])
    op.create_index(
        "uq_merge_in_force",
        "merge",
        ["merged_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "identity_move",
        sa.Column("identity_id", sa.String(), nullable=False),
        sa.Column("from_id", sa.String(), nullable=False),
        sa.Column("to_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("undone_at", core.db.UtcTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_identity_move_identity_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["customer.id"], name=op.f("fk_identity_move_from_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["customer.id"], name=op.f("fk_identity_move_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_move")),
    )
    for column in ("identity_id", "from_id", "to_id"):
        op.create_index(op.f(f"ix_identity_move_{column}"), "identity_move", [column])
    op.create_table(
        "suggestion",
        sa.Column("first_id", sa.String(), nullable=False),
        sa.Column("second_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("merge_id", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", core.db.UtcTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_id"], ["customer.id"], name=op.f("fk_suggestion_first_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["customer.id"], name=op.f("fk_suggestion_second_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_suggestion_first_id_second_id")),
    )
    op.create_index(op.f("ix_suggestion_second_id"), "suggestion", ["second_id"])
    op.create_index("ix_suggestion_open", "suggestion", ["state", "score", "id"])


def downgrade() -> None:
    op.drop_table("suggestion")
    op.drop_table("identity_move")
    op.drop_index("uq_merge_in_force", "merge")
    op.drop_index("ix_customer_name", "customer")
    op.drop_index("ix_message_thread_id", "message")
    with op.batch_alter_table("thread") as batch:
        batch.drop_index("ix_thread_identity_id")
        batch.drop_index("ix_thread_home_id")
        batch.drop_column("home_id")
    with op.batch_alter_table("evidence") as batch:
        batch.drop_index("ix_evidence_customer_id")
        batch.drop_index("ix_evidence_identity_id")
        for column in ("stale_by", "stale_why", "stale_at", "customer_id"):
            batch.drop_column(column)
        batch.create_unique_constraint("uq_evidence_identity_id_source", ["identity_id", "source"])
    with op.batch_alter_table("identity") as batch:
        for column in ("shared", "retired_at", "seen_with"):
            batch.drop_column(column)
