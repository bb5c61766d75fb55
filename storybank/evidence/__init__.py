"""Quotations, counts and exports that can be traced to the words they stand on."""
