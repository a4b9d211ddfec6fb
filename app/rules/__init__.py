"""The rules: pure functions over frozen values; the standard library and nothing else."""
