"""Strengths that stories name."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add what stories name as good; stories told before this have it when they are read again."""
    op.create_table(
        "strength",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("rules_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_strength_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name=op.f("fk_strength_transcript_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strength")),
    )
    op.create_index(op.f("ix_strength_kind"), "strength", ["kind"], unique=False)
    op.create_index(op.f("ix_strength_story_id"), "strength", ["story_id"], unique=False)
    op.create_index(op.f("ix_strength_transcript_id"), "strength", ["transcript_id"], unique=False)
