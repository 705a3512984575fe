"""The receiver that is shipped, under its old name."""

from localfax.receiver import DRIP, Behaviour, Part, Received, Receiver

__all__ = ["DRIP", "Behaviour", "Part", "Received", "Receiver"]
