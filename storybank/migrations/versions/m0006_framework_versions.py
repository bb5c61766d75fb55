"""Framework versions made in the pages, and what moved between them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add versions, drafts, what stories were read by, and what became of earlier readings."""
    op.add_column(
        "person",
        sa.Column("may_change_frameworks", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "suggestion", sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("coding", sa.Column("carried_from", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_coding_carried_from"), "coding", "coding",
        ["carried_from"], ["id"], ondelete="CASCADE",
    )  # fmt: skip
    op.create_index(op.f("ix_coding_carried_from"), "coding", ["carried_from"], unique=False)
    # Codes are looked for in the readings of one version.
    op.drop_index("ix_tag_code_direction_story", table_name="tag")
    op.create_index(
        "ix_tag_code_direction_framework_story", "tag",
        ["code", "direction", "framework", "story_id"], unique=False,
    )  # fmt: skip
    _add_versions()
    _add_read_by()
    _add_moved()


def _add_versions() -> None:
    op.create_table(
        "framework_version",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("fates", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_framework_version_published_by")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_framework_version")),
    )
    op.create_index(
        op.f("ix_framework_version_framework"), "framework_version", ["framework"], unique=False
    )
    op.create_table(
        "framework_draft",
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("based_on", sa.String(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("fates", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["person.id"], name=op.f("fk_framework_draft_begun_by")
        ),
        sa.PrimaryKeyConstraint("framework", name=op.f("pk_framework_draft")),
    )


def _add_read_by() -> None:
    op.create_table(
        "read_by",
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("model_id", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_read_by_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", "framework", name=op.f("pk_read_by")),
    )
    op.create_index(op.f("ix_read_by_framework"), "read_by", ["framework"], unique=False)
    # Until now there was one framework a house; stories in which nothing was found were read, too.
    op.execute(
        "insert into read_by (story_id, framework, model_id, read_at)"
        " select s.id,"
        " coalesce((select g.framework from suggestion g where g.story_id = s.id limit 1),"
        " (select g.framework from suggestion g limit 1), 'thriving-communities@1'),"
        " coalesce((select g.model_id from suggestion g where g.story_id = s.id limit 1),"
        " 'unknown'), s.created_at from story s where s.state = 'ready'"
    )


def _add_moved() -> None:
    op.create_table(
        "moved",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("framework", sa.String(), nullable=False),
        sa.Column("coding_id", sa.Integer(), nullable=True),
        sa.Column("suggestion_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("became", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_moved_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["coding_id"], ["coding.id"], name=op.f("fk_moved_coding_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"],
            name=op.f("fk_moved_suggestion_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_moved_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved")),
        sa.UniqueConstraint("framework", "coding_id", name=op.f("uq_moved_framework_coding_id")),
        sa.UniqueConstraint(
            "framework", "suggestion_id", name=op.f("uq_moved_framework_suggestion_id")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_moved_story_id"), "moved", ["story_id"], unique=False)
    op.create_index(op.f("ix_moved_framework"), "moved", ["framework"], unique=False)
