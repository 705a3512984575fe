"""The control plane: what a test, a person or the web page may do to the emulator itself, at /_localfax."""

from emulator.control.api import create_app

__all__ = ["create_app"]
