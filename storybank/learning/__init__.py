"""Learn from what people decided: lessons, corrections fitted on them, and where they are kept."""
