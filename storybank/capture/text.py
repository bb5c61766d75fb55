"""Typed or pasted words to clean text, with nothing of what was said taken away."""

import unicodedata

from storybank.errors import EmptyStory, StoryTooLong
from storybank.sentences import sentence

_KEPT_CONTROLS = "\n\t"


def clean(typed: str, *, max_words: int) -> str:
    """Give the teller's words as they will be kept: NFC, Unix line ends, no control characters.

    NUL bytes (which PostgreSQL cannot hold) and other controls go; emoji, joiners and
    right-to-left marks stay. Raises EmptyStory or StoryTooLong.
    """
    text = tidied(typed)
    check_words(text, max_words=max_words)
    return text


def tidied(typed: str) -> str:
    """Give typed words as `clean` would; they may be empty, or longer than a story."""
    text = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) != "Cc")
    return text.encode("utf-8", "ignore").decode("utf-8").strip()  # lone surrogates cannot be kept


def check_words(text: str, *, max_words: int) -> None:
    """Raise EmptyStory where a text has no words, StoryTooLong where it has too many."""
    if not any(c.isalnum() for c in text):
        raise EmptyStory
    if len(text.split()) > max_words:
        raise StoryTooLong(
            message=sentence(
                "The story is longer than %(n)s words. "
                "Please send it in parts, each as its own story.",
                n=f"{max_words:,}",
            )
        )


def count_words(text: str) -> int:
    """Count the words of a text as a person would: runs of characters between spaces."""
    return len(text.split())
