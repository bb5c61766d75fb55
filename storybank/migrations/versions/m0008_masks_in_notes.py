"""Masks of workers' notes, kept like those of stories, and people's decisions about them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Let masks and decisions stand on a note; what stands on a version of a story stays.

    How notes were masked so far was not kept: without rules they are masked anew, by the next
    reading or as soon as somebody opens them. Until then they are shown as they were.
    """
    for table in ("redaction", "mask_decision"):
        op.alter_column(table, "transcript_id", existing_type=sa.Integer(), nullable=True)
        op.add_column(table, sa.Column("note_id", sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_note_id"), table, "note", ["note_id"], ["id"], ondelete="CASCADE"
        )
        op.create_index(op.f(f"ix_{table}_note_id"), table, ["note_id"], unique=False)
        op.create_check_constraint(
            op.f(f"ck_{table}_one_text"), table, "num_nonnulls(transcript_id, note_id) = 1"
        )
    op.execute("update note set rules_id = null")
