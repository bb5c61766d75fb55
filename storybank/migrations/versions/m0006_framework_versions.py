"""Framework versions made in the pages, and what moved between them."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Change nothing yet."""
