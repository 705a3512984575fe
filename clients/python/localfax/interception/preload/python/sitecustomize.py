"""Runs first in every Python under `localfax exec --intercept`; then the sitecustomize that was there."""

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  # pathlib takes 10 ms to import


def _begin() -> None:
    from localfax_redirection import Redirection  # type: ignore[import-not-found]  # it stands beside

    hosts, proxy = os.environ.get("LOCALFAX_PRELOAD_HOSTS"), os.environ.get("LOCALFAX_PRELOAD_PROXY")
    if hosts and proxy:
        Redirection(hosts.split(","), proxy, os.environ.get("LOCALFAX_PRELOAD_CA", "")).install()


def _go_on() -> None:
    others = [each for each in sys.path if os.path.abspath(each or ".") != _HERE]  # noqa: PTH100
    found = PathFinder.find_spec("sitecustomize", others)
    if found is not None and found.loader is not None:
        module = sys.modules["sitecustomize"] = module_from_spec(found)
        found.loader.exec_module(module)


_begin()
_go_on()
