"""Amazon Web Services: its resource types as records (`services/`), and the door to it (`adapter/`)."""

from providers.aws.records import Records

PROVIDER = Records()

__all__ = ["PROVIDER"]
