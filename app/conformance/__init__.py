"""The published conformance vectors: read their files, run them here or against a server."""
