"""Scenario files: their grammar, how they are read with file and line, and the catalogue."""

from emulator.scenarios.files import Files, catalogue
from emulator.scenarios.grammar import check_inbound, read_scenario
from emulator.scenarios.problem import ScenarioError
from emulator.scenarios.text import OWN, read_documents, read_text
from emulator.scenarios.written import written

__all__ = [
    "OWN",
    "Files",
    "ScenarioError",
    "catalogue",
    "check_inbound",
    "read_documents",
    "read_scenario",
    "read_text",
    "written",
]
