"""What public sources have seen of the vendors, against the profiles that claim it; and which fits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.comparison.judgement import judge
from emulator.comparison.playback import Setting
from emulator.traffic.files import read_recordings
from localfax import Localfax
from tests.cli.conftest import run_command

FOLDER = Path(__file__).parents[2] / "fixtures" / "observed"
CLAIMS: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "profiles.yaml").read_text())


def test_every_recording_is_claimed() -> None:
    assert sorted(CLAIMS) == sorted(path.stem for path in FOLDER.glob("*.har"))


@pytest.mark.parametrize("name", CLAIMS)
def test_profile_answers_as_was_observed(fresh: Localfax, name: str) -> None:
    [recording] = read_recordings([FOLDER / f"{name}.har"])
    found = judge(fresh, recording, Setting(CLAIMS[name].get("profile")))
    assert [f"{each.title}: {each}" for each in found.findings] == []
    assert (recording.vendor, found.equal) == (CLAIMS[name]["vendor"], len(recording.exchanges))


def test_the_profile_that_fits_is_found_and_told() -> None:
    done = run_command("compare", FOLDER / "ifax-live.har")
    assert done.returncode == 0, done.stdout
    assert "Fits best: live: 8 of 8 exchanges equal; default 3" in done.stdout
    assert "Set it: localfax serve --profile ifax=live" in done.stdout


def test_switches_without_a_name_are_found_too() -> None:
    done = run_command("compare", FOLDER / "mfax-live.har", "--json")
    [report] = json.loads(done.stdout)
    assert (done.returncode, report["equal"], report["findings"]) == (0, 2, [])
    assert report["fit"]["switches"] == {"fresh_result": False, "resend_short": True}
    assert report["fit"]["lines"] == ["--profile mfax.fresh_result=false", "--profile mfax.resend_short=true"]


def test_files_of_several_vendors_are_compared_one_by_one() -> None:
    names = ("openfax-inbound", "kazoo-errors", "mfax-trial")
    done = run_command("compare", *(FOLDER / f"{name}.har" for name in names), "--no-fit", "--json")
    found = {each["vendor"]: (each["equal"], each["exchanges"]) for each in json.loads(done.stdout)}
    assert (done.returncode, found) == (4, {"openfax": (2, 2), "kazoo": (4, 4), "mfax": (1, 2)})
