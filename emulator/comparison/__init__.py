"""Recorded traffic played against the emulator: what differs, which profile fits, what is left to teach."""
