"""Agreements and laws as dated data, and the loader that reads them."""
