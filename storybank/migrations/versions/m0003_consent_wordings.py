"""Consent wordings of a programme's own."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change nothing yet."""
