"""Scenario files on a disk: found, read, read anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from emulator.core.scripting.scenario import Candidate
from emulator.scenarios import Files, ScenarioError
from emulator.vendors import all_vendors
from tests.core.world import World, acme

VENDORS = all_vendors()


def write(path: Path, text: str) -> None:
    """Write a file with a time of its own, however quickly one follows the other."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


def own(files: Files, directory: Path) -> list[str]:
    """Give the names of the scenarios of one directory."""
    return [each.name for each in files.scenarios() if each.origin.startswith(str(directory))]


def test_files_are_asked_in_the_order_of_their_names_before_the_catalogue(tmp_path: Path) -> None:
    write(tmp_path / "b.yaml", "name: second")
    write(tmp_path / "a.yml", "name: first\n---\nname: also-first")
    write(tmp_path / "notes.txt", "not a scenario")
    files = Files([tmp_path], VENDORS)
    assert own(files, tmp_path) == ["first", "also-first", "second"]
    names = [each.name for each in files.scenarios()]
    assert names[:3] == ["first", "also-first", "second"]
    assert "busy-then-delivered" in names


def test_changed_new_and_deleted_files_are_seen(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "name: old")
    files = Files([tmp_path], VENDORS)
    assert own(files, tmp_path) == ["old"]
    write(tmp_path / "a.yaml", "name: changed")
    assert own(files, tmp_path) == ["changed"]
    write(tmp_path / "b.yaml", "name: new")
    assert own(files, tmp_path) == ["changed", "new"]
    (tmp_path / "a.yaml").unlink()
    assert own(files, tmp_path) == ["new"]


def test_a_fax_gets_the_first_that_fits_of_the_files_as_they_are_now(tmp_path: Path) -> None:
    world, fax = World(acme()), Candidate("acme", "outbound", "+12125550123", "", 1)
    write(tmp_path / "a.yaml", "name: other\nmatch: {to: '+12125550199'}\n---\nname: first")
    files = Files([tmp_path], VENDORS)
    found = files.find(world.own, fax)
    write(tmp_path / "a.yaml", "name: second\nmatch: {to: '+12125550123'}")
    changed = files.find(world.own, fax)
    assert (found and found.name, changed and changed.name) == ("first", "second")


def test_file_that_becomes_wrong_keeps_what_it_had_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    write(path, "name: good")
    files = Files([tmp_path], VENDORS)
    write(path, "name: good\nattempts: [bussy]")
    assert own(files, tmp_path) == ["good"]
    [problem] = files.problems
    assert str(problem).startswith(f"{path}:2: attempts[0]: unknown outcome 'bussy'; did you mean busy?")
    write(path, "name: good-again")
    assert own(files, tmp_path) == ["good-again"]
    assert files.problems == ()


def test_wrong_file_at_the_start_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "name: a\ntims: 1")
    with pytest.raises(ScenarioError, match=r"a\.yaml:2: tims: unknown key; did you mean times\?"):
        Files([tmp_path], VENDORS)


def test_missing_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="nowhere: no such file or directory"):
        Files([tmp_path / "nowhere"], VENDORS)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(ScenarioError, match="cannot be read"):
        Files([tmp_path], VENDORS)


def test_own_file_stands_in_for_one_of_the_catalogue(tmp_path: Path) -> None:
    write(tmp_path / "a.yaml", "name: busy-then-delivered\npurpose: Mine.")
    found = Files([tmp_path], VENDORS).get("busy-then-delivered")
    assert found is not None
    assert found.purpose == "Mine."
