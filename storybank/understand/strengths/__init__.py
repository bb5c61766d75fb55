"""What a story names as good: people's skills, groups, places and relationships."""

from storybank.understand.strengths.find import KINDS, RULES_ID, find_strengths

__all__ = ["KINDS", "RULES_ID", "find_strengths"]
