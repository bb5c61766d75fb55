"""Parts of the measurement of search."""
