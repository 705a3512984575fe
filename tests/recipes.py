"""The recipes of fixtures/documents: files that most programs open, made when they are asked for."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "fixtures" / "documents"
TYPES = {".pdf": "application/pdf", ".tiff": "image/tiff", ".png": "image/png"}
LOCKED = ("user-password-aes.pdf", "user-password-no-owner.pdf")
"""What nobody can see who has not the password."""
LOST = ("bar-cut-in-font.pdf",)
"""What has pages, as one reader says, and cannot be drawn."""


@cache
def make(script: str) -> dict[str, bytes]:
    """Run one of the scripts; give what it makes, by name."""
    spec = importlib.util.spec_from_file_location(f"recipes_{script}", FOLDER / f"{script}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: dict[str, bytes] = module.documents()
    return made


@cache
def make_stored() -> dict[str, bytes]:
    """Read the documents that lie beside the scripts, by name."""
    files = sorted(path for path in FOLDER.iterdir() if path.is_file() and path.suffix != ".py")
    return {path.name: path.read_bytes() for path in files}
