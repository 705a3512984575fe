"""How much work a PDF may make, with every pypdf from 4 on.

Since 6.21 pypdf can be told its limits. One that cannot bears any file to the bitter end, so that in the
server's process it reads none: all are read in the child, which is ended when it takes too long or too much.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from itertools import count
from types import MappingProxyType, ModuleType
from typing import Any

from emulator.documents.problem import TooMuchWork

_QUICK = {
    "page_tree_maximum_entries": 200,
    "zlib_maximum_output_length": 256_000,
    "lzw_maximum_output_length": 200_000,
    "run_length_maximum_output_length": 256_000,
    "stream_decoding_work_maximum_length": 2_000_000,
    "stream_parsing_work_maximum_count": 5_000,
}
"""Overrides of `pypdf.Configuration` with which nothing takes longer than some tens of milliseconds."""

_MOST_FORMS = 5_000
"""What a newer pypdf has for `xform_maximum_invocations_per_extraction`."""

_limits: ContextVar[Mapping[str, Any]] = ContextVar("limits", default=MappingProxyType({}))
"""In a process of its own, which can be ended, pypdf's own limits serve."""


@contextmanager
def working_quickly() -> Iterator[None]:
    """Let work of the block end with `TooMuchWork` before it becomes long."""
    before = _limits.set(_QUICK)
    try:
        yield
    finally:
        _limits.reset(before)


def is_quick() -> bool:
    """Tell whether work is held to `working_quickly`."""
    return bool(_limits.get())


@cache
def library() -> ModuleType:
    """Import pypdf, however strict the process is with warnings."""
    # Older ones ask a newer cryptography for what it is about to move.
    warnings.filterwarnings("ignore", message="ARC4 has been moved")
    return import_module("pypdf")


def holding() -> AbstractContextManager[Any]:
    """Hold pypdf to the limits of this block; raise TooMuchWork when it can be told none."""
    pypdf, limits = library(), _limits.get()
    if can_hold(limits):
        told = pypdf.Configuration(**limits, disable_legacy_handling=True)
        held: AbstractContextManager[Any] = pypdf.apply_configuration(told)
        return held
    if limits:
        raise TooMuchWork
    return nullcontext()


def can_hold(limits: Mapping[str, Any]) -> bool:
    """Tell whether this pypdf knows all of these limits."""
    known: Mapping[str, Any] = getattr(getattr(library(), "Configuration", None), "__dataclass_fields__", {})
    return bool(known) and limits.keys() <= known.keys()


def bound_forms(page: Any) -> None:
    """Let one that cannot be told end a page whose drawings draw one another without end."""
    if can_hold(_QUICK):
        return
    begun, extract = count(), page.extract_xform_text

    def bounded(*args: Any, **kwargs: Any) -> Any:
        if next(begun) >= _MOST_FORMS:
            raise TooMuchWork
        return extract(*args, **kwargs)

    page.extract_xform_text = bounded


def reached() -> tuple[type[Exception], ...]:
    """List what pypdf raises where a limit ends its work; before 6 nothing."""
    from pypdf import errors

    error: type[Exception] | None = getattr(errors, "LimitReachedError", None)
    return () if error is None else (error,)
