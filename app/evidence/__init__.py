"""Keys and signatures over what the log holds."""
