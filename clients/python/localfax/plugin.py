"""The pytest plugin. Everything but these few lines is imported when a test first asks for `faxcloud`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from localfax.faxcloud import FaxCloud
    from localfax.server import Localfax

MARKER = "faxcloud"
STRICT = "faxcloud_strict"
_OWN = str(Path(__file__).parent)
CLOUD: pytest.StashKey[FaxCloud] = pytest.StashKey()
"""Where a test keeps its fax cloud for the report."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini option."""
    told = "fail a test when a rule of its fax cloud says no outcome, or matched no fax"
    parser.addini(STRICT, told, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(*scenarios, seed=None, now=None, intercept=False, explore=None, vendor=None, pairs=True): "
        "scenario files (or names of the catalogue) as standing rules, the seed and the present of the "
        "test's fax cloud, and whether the vendors' real hosts are answered by it; with explore=True (or a "
        "place: submit, line, webhook, poll, inbound, order) the test runs once for each thing that can go "
        "wrong with a vendor's fax",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked so once for each thing that can go wrong, smallest first."""
    marker: dict[str, Any] = {}
    for each in reversed(list(metafunc.definition.iter_markers(MARKER))):
        marker.update(each.kwargs)
    if not marker.get("explore"):
        return
    from localfax.explored import list_ordeals
    from localfax.faxcloud import ORDEAL

    try:
        found = list_ordeals(marker)
    except ValueError as wrong:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: {wrong}") from None
    metafunc.fixturenames.append(ORDEAL)
    metafunc.parametrize(ORDEAL, found, ids=[each.id for each in found], indirect=True)


@pytest.fixture
def faxcloud_ordeal(request: pytest.FixtureRequest) -> Any:
    """What befalls the faxes of an explored test."""
    return request.param


@pytest.fixture(scope="session")
def localfax_server() -> Iterator[Localfax]:
    """The server that LOCALFAX_URL names, as `localfax exec` sets it; else one in this process."""
    from localfax.local_server import NoServer, find_server

    with ExitStack() as stack:
        try:
            server = stack.enter_context(find_server())
        except NoServer as wrong:
            pytest.fail(str(wrong), pytrace=False)
        yield server


@pytest.fixture
def faxcloud(request: pytest.FixtureRequest, localfax_server: Localfax) -> Iterator[FaxCloud]:
    """A fresh sandbox with a manual clock: five fax vendors of the test's own."""
    from localfax.connection import Refusal
    from localfax.faxcloud import open_cloud
    from localfax.words import check_markers

    with ExitStack() as stack:
        try:
            check_markers(MARKER, [each.name for each in request.node.iter_markers()])
            cloud = stack.enter_context(open_cloud(localfax_server, request.node))
        except (Refusal, TypeError, ValueError) as wrong:
            refused = str(wrong)
        else:
            refused = ""
        if refused:
            pytest.fail(refused, pytrace=False)
        request.node.stash[CLOUD] = cloud
        if (ordeal := cloud.ordeal) is not None:
            from localfax.explored import PROPERTY

            told = {"name": ordeal.id, "text": ordeal.text, "order": [*ordeal.size, ordeal.rank]}
            request.node.user_properties.append((PROPERTY, told))
        yield cloud


@pytest.fixture
def faxcloud_intercept(faxcloud: FaxCloud) -> FaxCloud:
    """The same, which also answers for the vendors' real hosts in this process and what it starts."""
    faxcloud.intercept()
    return faxcloud


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Under `faxcloud_strict`, fail a test with a rule that says or matched nothing."""
    result = yield
    cloud = item.stash.get(CLOUD, None)
    if cloud is not None and item.config.getini(STRICT):
        from localfax.postmortem import list_idle

        if idle := list_idle(cloud):
            pytest.fail("\n".join(idle), pytrace=False)
    return result


def _hide_own(raised: pytest.ExceptionInfo[BaseException]) -> None:
    """Take this package's frames out of a traceback itself: pytest walks it anew."""
    kept = raised.tb
    while (inner := kept.tb_next) is not None:
        if inner.tb_frame.f_code.co_filename.startswith(_OWN):
            kept.tb_next = inner.tb_next
        else:
            kept = inner
    raised.traceback = type(raised.traceback)(raised.tb)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    """Add the fax cloud's timeline to the report of a test that failed, and how to repeat it.

    What was raised in this package is shown where the test called it, but with --full-trace.
    """
    cloud = item.stash.get(CLOUD, None)
    if cloud is not None and call.excinfo is not None and not item.config.getoption("fulltrace", False):
        _hide_own(call.excinfo)
    report = yield
    if cloud is not None and report.when != "teardown" and report.failed:
        from localfax.faxcloud import FAILED
        from localfax.postmortem import explain_failure

        item.stash[FAILED] = True
        report.sections.append(("Localfax", explain_failure(cloud, item)))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Sort what failed of explored tests: the smallest is shown first."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not (failed := reporter.stats.get("failed")):
        return
    from localfax.explored import order_of

    explored = [(place, each) for place, each in enumerate(failed) if order_of(each) is not None]
    in_order = sorted((each for _, each in explored), key=order_of)
    for (place, _), each in zip(explored, in_order):  # Python 3.9 has no strict
        failed[place] = each


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say of each explored test that failed the smallest thing that it does not bear."""
    failed = terminalreporter.stats.get("failed", ())
    if any(getattr(each, "user_properties", ()) for each in failed):
        from localfax.explored import tell_failures

        if lines := tell_failures(failed):
            terminalreporter.section("Localfax: smallest first")
            for line in lines:
                terminalreporter.write_line(line)
