"""Steps beside the words of a recording: what is still to come, or failed for good."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table; stories that are told already have had both steps, and stay as they are."""
    op.create_table(
        "side_step",
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_side_step_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", "step", name=op.f("pk_side_step")),
    )
