"""What is carried in and out over HTTP: imports from files, and lists into files."""
