"""Runs first in every Python under `localfax exec --intercept`; then the sitecustomize that was there."""

# Written so that a Python of any age takes it: to those before 3.7 it does nothing.
import os
import sys

if sys.version_info >= (3, 7):  # noqa: UP036  # as said above
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    _told = [os.environ.get("LOCALFAX_PRELOAD_" + each) for each in ("HOSTS", "PROXY", "CA")]
    if _told[0] and _told[1]:
        from localfax_redirection import Redirection  # type: ignore[import-not-found]  # it stands beside

        Redirection(_told[0].split(","), _told[1], _told[2] or "").install()

    _here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  # pathlib takes 10 ms to import
    _others = [each for each in sys.path if os.path.abspath(each or ".") != _here]  # noqa: PTH100
    _found = PathFinder.find_spec("sitecustomize", _others)
    if _found is not None and _found.loader is not None:
        _module = sys.modules["sitecustomize"] = module_from_spec(_found)
        _found.loader.exec_module(_module)
