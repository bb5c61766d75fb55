"""Readings move from one version of the framework to the next; earlier ones stay as they were."""

from storybank.recoding.carry import carry, note_reading
from storybank.recoding.choose import settle, unsettle

__all__ = ["carry", "note_reading", "settle", "unsettle"]
