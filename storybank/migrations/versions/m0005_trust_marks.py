"""Marks on transcripts and who checked them, words so far, translations, local words."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what says how far words can be trusted."""
    op.add_column("transcript", sa.Column("translates", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_transcript_translates"), "transcript", "transcript",
        ["translates"], ["id"], ondelete="CASCADE",
    )  # fmt: skip
    op.create_index(op.f("ix_transcript_translates"), "transcript", ["translates"], unique=False)
    _add_doubts()
    _add_checks()
    op.create_table(
        "so_far",
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_so_far_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_so_far")),
    )
    _add_local_words()


def _add_doubts() -> None:
    op.create_table(
        "doubt",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_doubt_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"],
            name=op.f("fk_doubt_transcript_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["root_id"], ["doubt.id"], name=op.f("fk_doubt_root_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
    )  # fmt: skip
    op.create_index(op.f("ix_doubt_story_id"), "doubt", ["story_id"], unique=False)
    op.create_index(op.f("ix_doubt_transcript_id"), "doubt", ["transcript_id"], unique=False)


def _add_checks() -> None:
    op.create_table(
        "checked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_checked_story_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"],
            name=op.f("fk_checked_transcript_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_checked_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checked")),
    )  # fmt: skip
    op.create_index(op.f("ix_checked_story_id"), "checked", ["story_id"], unique=False)
    op.create_index(op.f("ix_checked_transcript_id"), "checked", ["transcript_id"], unique=False)


def _add_local_words() -> None:
    op.create_table(
        "local_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_local_word_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"],
            name=op.f("fk_local_word_programme_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_word")),
        sa.UniqueConstraint(
            "programme_id", "word", name=op.f("uq_local_word_programme_id_word")
        ),
    )  # fmt: skip
    op.create_index(
        op.f("ix_local_word_programme_id"), "local_word", ["programme_id"], unique=False
    )
