"""phone calls and what is said in them"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_call",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("inbox_id", sa.String(), nullable=False),
        sa.Column("carrier_id", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=True),
        sa.Column("dial_after", core.db.UtcTime(timezone=True), nullable=True),
        sa.Column("heard_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.Column("callback_due", core.db.UtcTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_phone_call_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_phone_call_conversation_id")
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_phone_call_thread_id")),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_phone_call_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
        sa.UniqueConstraint("message_id", name=op.f("uq_phone_call_message_id")),
        sa.UniqueConstraint("inbox_id", "carrier_id", name=op.f("uq_phone_call_inbox_id_carrier_id")),
    )
    op.create_index("ix_phone_call_stage", "phone_call", ["stage", "heard_at"])
    op.create_index(op.f("ix_phone_call_conversation_id"), "phone_call", ["conversation_id"])
    op.create_table(
        "utterance",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("rest", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("then", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["phone_call.id"], name=op.f("fk_utterance_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterance")),
        sa.UniqueConstraint(
            "call_id", "turn", "author", name=op.f("uq_utterance_call_id_turn_author")
        ),
    )
    op.create_index(op.f("ix_utterance_call_id"), "utterance", ["call_id"])
    op.add_column("teammate", sa.Column("phone", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("teammate", "phone")
    op.drop_table("utterance")
    op.drop_table("phone_call")
