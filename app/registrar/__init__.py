"""The acts: one function each, over rules and store."""
