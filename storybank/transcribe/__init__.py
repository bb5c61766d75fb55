"""Recordings to timed text."""
