"""Measure the stages against gold sets."""
