"""Words and vectors of passages, kept ready for search."""
