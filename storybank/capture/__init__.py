"""Receives stories: typed words, recordings, consent, and the drafts before them."""
