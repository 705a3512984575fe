"""Scenario files: their grammar, how they are read with file and line, and the catalogue."""

from emulator.scenarios.adverse import write_rules, write_steps
from emulator.scenarios.files import Files, find_catalogue
from emulator.scenarios.grammar import check_inbound, read_scenario
from emulator.scenarios.mistakes import ScenarioError
from emulator.scenarios.text import OWN, read_documents, read_text
from emulator.scenarios.writer import write_scenario

__all__ = [
    "OWN",
    "Files",
    "ScenarioError",
    "check_inbound",
    "find_catalogue",
    "read_documents",
    "read_scenario",
    "read_text",
    "write_rules",
    "write_scenario",
    "write_steps",
]
