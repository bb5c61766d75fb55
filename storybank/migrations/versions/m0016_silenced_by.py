"""The sound for staff names the rules by which it was silenced."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Let a recording's copy say who made it; `storybank reindex --masks` makes older ones anew."""
    op.add_column("recording", sa.Column("muted_by", sa.String(), nullable=True))
