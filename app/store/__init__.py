"""What is kept: tables, heads, the log and the one transaction; nothing decides here."""
