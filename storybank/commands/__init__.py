"""The commands, one module a family; `cli.py` gives them their names."""
