"""Personal details: found in a text as told, and shown as typed placeholders."""

from storybank.understand.redact.redactor import PresidioRedactor

__all__ = ["PresidioRedactor"]
