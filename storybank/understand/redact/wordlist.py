"""Long lists of words, written as running text."""


def words(*lines: str) -> tuple[str, ...]:
    """Give the words of `lines` in order; they are parted by spaces."""
    return tuple(word for line in lines for word in line.split())
