"""What is remembered between commands: runs and the journal of changes."""
