"""Text to passages, masks, vectors and suggested tags."""
