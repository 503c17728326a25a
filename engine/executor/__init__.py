"""The executor: the only engine room that waits. Scans, gathers, judges, and applies changes."""
