"""What a move from one vendor to another changes, told side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emulator.scenarios import find_catalogue
from tests.cli.conftest import run_command


def lines(done: Any) -> list[dict[str, tuple[str, str, bool]]]:
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return [
        {line.pop("what"): (*list(line.values())[:2], line["differs"]) for line in each["lines"]}
        for each in found
    ]


def test_words_codes_webhooks_and_keys_stand_side_by_side(tmp_path: Path) -> None:
    page = tmp_path / "move.html"
    path = find_catalogue() / "busy-then-delivered.yaml"
    [told] = lines(run_command("migrate", "--from", "ifax", "--to", "mfax", path, "--html", page, "--json"))
    assert told["words"] == ("sending 0 s, delivered 338.986 s", "processing 0 s, success 338.986 s", True)
    assert told["end"] == ("delivered, 0, NORMAL_CLEARING", "success, 0, OK", True)
    assert told["calls"] == ("2", "2", False)
    assert told["answer: id"] == ("data.jobId", "messageId", True)
    assert told["answer: pages"] == ("no counterpart", "pagesCount", True)
    assert told["webhook: pages sent"] == ("faxTransferredPages", "pagesComplete", True)
    assert told["tried again after"][0] == "300 s, 600 s, 1200 s, 1800 s, 3600 s"
    assert told["order"][0] == "answer → sending → delivered → webhook fax.sent"
    assert "From ifax to mfax" in page.read_text()


def test_what_has_no_counterpart_is_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "name: own\nmatch: {vendor: ifax}\nattempts: [busy: {code: '263'}]\n"
        "steps: [{send: {vendor: ifax}}, {advance: 1m}, {advance: idle}]\n"
    )
    [told] = lines(run_command("migrate", "--from", "ifax", "--to", "openfax", path, "--json"))
    assert told["no counterpart"] == ("-", "code 263", True)
    assert told["end"][0].startswith("failed, 263")
    assert told["end"][1] == "9, 2, Busy"
    assert (told["calls"], told["webhook: state"][:2]) == (("1", "4", True), ("faxStatus", "no counterpart"))


def test_refusals_early_webhooks_and_faxes_to_us_are_told(tmp_path: Path) -> None:
    names = ("submit-503-once", "webhook-before-answer", "inbound-webhook-twice")
    paths = [find_catalogue() / f"{name}.yaml" for name in names]
    refused, early, inbound = lines(
        run_command("migrate", "--from", "kazoo", "--to", "faxto", *paths, "--json")
    )
    assert refused["submit"] == ("HTTP 503, come back later", "HTTP 503", True)
    assert early["order"][0] == "completed → webhook outbound_fax → answer"
    assert inbound["submit"][0] == "none: somebody faxed us"


def test_unknown_vendor_and_broken_scenario_are_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("name: x\nattemps: [busy]\n")
    done = run_command("migrate", "--from", "ifax", "--to", "mfax", path)
    assert (done.returncode, "broken.yaml:2: attemps: unknown key" in done.stderr) == (1, True)
    assert run_command("migrate", "--from", "ifax", "--to", "nofax", path).returncode == 2
