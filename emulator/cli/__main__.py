"""`python -m emulator.cli` is `localfax`."""

from __future__ import annotations

from emulator.cli import main

main(prog_name="localfax")
