"""Who speaks when: voices told apart in a recording, and put on the words of its transcript."""
