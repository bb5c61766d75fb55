"""Storybank: stories told by people, read with care, and found again as evidence."""

__version__ = "0.1.0"
