"""What runs on a pipeline machine, offline: imports the rules and nothing else of ours."""
