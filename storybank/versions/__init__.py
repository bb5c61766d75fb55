"""Versions of a framework: those that ship, those that people write, and the way between them."""
