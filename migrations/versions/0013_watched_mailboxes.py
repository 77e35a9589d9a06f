"""a mailbox is watched by one process at a time; conversations are split and merged"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    watched_until = sa.Column("watched_until", core.db.UtcTime(timezone=True), nullable=True)
    op.add_column("inbox", watched_until)
    op.add_column("inbox", sa.Column("watched_by", sa.String(), nullable=True))
    op.create_table(
        "conversation_move",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("undone_at", core.db.UtcTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["conversation.id"], name="fk_conversation_move_source_id"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["conversation.id"], name="fk_conversation_move_target_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_move"),
    )
    for name in ("source_id", "target_id"):
        op.create_index(f"ix_conversation_move_{name}", "conversation_move", [name])


def downgrade() -> None:
    op.drop_table("conversation_move")
    op.drop_column("inbox", "watched_by")
    op.drop_column("inbox", "watched_until")
