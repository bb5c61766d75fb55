"""The web application: pages for tellers and staff."""
