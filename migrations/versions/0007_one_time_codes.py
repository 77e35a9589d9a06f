"""one-time codes: asked for, tried, and until when they raise the proof of a thread"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = core.db.UtcTime(timezone=True)
    op.create_table(
        "proof_request",
        sa.Column("thread_id", sa.String(), nullable=False),
        sa.Column("identity_id", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("raised_until", moment, nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_proof_request_thread_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_proof_request_identity_id")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["identity.id"], name=op.f("fk_proof_request_target_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_request")),
    )
    for column in ("thread_id", "identity_id", "target_id"):
        op.create_index(op.f(f"ix_proof_request_{column}"), "proof_request", [column])


def downgrade() -> None:
    op.drop_table("proof_request")
