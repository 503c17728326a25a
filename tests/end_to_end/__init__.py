"""The whole engine at work: against an account in the sandbox, as a process, and killed in the middle of it."""
