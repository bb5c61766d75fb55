"""Notes say whose words they are, and which language they are in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Keep each note as it is: a heading that an earlier version wrote into one stays there.

    Which language a note is in nobody has looked at so far. Its story is marked as masked by other
    rules: `storybank reindex --masks` has all of them read.
    """
    for name, kind, so_far in (("tellers", sa.Boolean(), "false"), ("language", sa.String(), "en")):
        op.add_column("note", sa.Column(name, kind, nullable=False, server_default=so_far))
        op.alter_column("note", name, server_default=None)
    op.execute(
        "update transcript set rules_id = '' where rules_id is not null and exists ("
        " select from note where note.story_id = transcript.story_id and note.masked <> '')"
    )
