"""Parsing and checking of evidence with nothing but the standard library."""
