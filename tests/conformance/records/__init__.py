"""Every record against the SDK's models."""
