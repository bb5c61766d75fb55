"""A programme's own words can stand in the tellers' languages, beside the English of record."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add them, empty: what was asked so far was asked in English, or in words of Storybank's."""
    for table, name in (("consent_wording", "translated"), ("programme", "prompts")):
        op.add_column(table, sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
        op.alter_column(table, name, server_default=None)
