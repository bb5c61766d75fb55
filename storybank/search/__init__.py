"""From the words in a search box to the stories a person may see."""
