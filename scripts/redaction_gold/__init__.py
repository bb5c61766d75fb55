"""What the made-up sentences of the masking gold set are filled with."""
