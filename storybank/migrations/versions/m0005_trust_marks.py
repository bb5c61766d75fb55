"""Marks on transcripts, voices, translations, glossaries."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change nothing yet."""
