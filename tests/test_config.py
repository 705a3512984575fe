from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from emulator.config import Config, load, parse_speed


def written(folder: Path, text: str) -> str:
    path = folder / "localfax.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_anything_the_documented_defaults_hold():
    config = load({}, None, {})
    assert config == Config()
    assert (config.host, config.port, config.speed, config.store, config.workers) == (
        "127.0.0.1",
        8329,
        20,
        "memory",
        1,
    )


def test_flags_outweigh_variables_and_variables_the_file(tmp_path: Path):
    file = written(tmp_path, 'port = 1\nhost = "a"\nseed = "file"')
    variables = {"LOCALFAX_PORT": "2", "LOCALFAX_HOST": "b", "OTHER_PORT": "9"}
    config = load({"port": 3, "store": None}, file, variables)
    assert (config.port, config.host, config.seed, config.store) == (3, "b", "file", "memory")


def test_the_file_may_be_named_by_a_variable(tmp_path: Path):
    assert load({}, None, {"LOCALFAX_CONFIG": written(tmp_path, "threads = 3")}).threads == 3


def test_every_setting_can_be_said_in_each_way(tmp_path: Path):
    variables = {
        "LOCALFAX_SPEED": "max",
        "LOCALFAX_VENDOR_PORTS": "Yes",
        "LOCALFAX_ALLOW_HOST": "a.example, b.example,",
        "LOCALFAX_DOCUMENTS_MB": "7",
    }
    file = written(
        tmp_path,
        'speed = "max"\nvendor_ports = true\nallow_host = ["a.example", "b.example"]\ndocuments_mb = 7',
    )
    flags = {
        "speed": "max",
        "vendor_ports": True,
        "allow_host": ("a.example", "b.example"),
        "documents_mb": 7,
    }
    assert load({}, None, variables) == load({}, file, {}) == load(flags, None, {})
    assert load(flags, None, {}) == Config(
        speed=None, vendor_ports=True, allow_host=("a.example", "b.example"), documents_mb=7
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"prot": 1}, "unknown setting 'prot'; did you mean port\\? Known are host, port,"),
        ({"colour": 1}, "unknown setting 'colour'; known are host, port,"),
        ({"port": "many"}, "port must be a whole number from 0 to 65,535, not 'many'"),
        ({"port": 65_536}, "port must be a whole number"),
        ({"port": 1.5}, "port must be a whole number"),
        ({"port": True}, "port must be a whole number"),
        ({"threads": 0}, "threads must be a whole number from 1 to 1,000, not 0"),
        ({"journal": "-1"}, "journal must be a whole number"),
        ({"vendor_ports": "maybe"}, "vendor_ports must be true or false, not 'maybe'"),
        ({"allow_host": 3}, "allow_host must be texts, a list or separated by commas, not 3"),
        ({"allow_host": [3]}, "allow_host must be texts"),
        ({"host": 3}, "host must be text, not 3"),
        ({"speed": "fast"}, "speed must be a number from 0 to 1,000,000 or max, not 'fast'"),
    ],
)
def test_what_cannot_be_taken_is_named(settings: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        Config().with_texts(settings)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("LOCALFAX_WEBHOKS", "LOCALFAX_WEBHOOK"),
        ("LOCALFAX_PROT", "LOCALFAX_PORT"),
        ("LOCALFAX_SCENARIO", "LOCALFAX_SCENARIOS"),
        ("LOCALFAX_ULR", "LOCALFAX_URL"),
    ],
)
def test_a_variable_that_is_nearly_one_is_told(variable: str, meant: str):
    with pytest.raises(ValueError, match=f"{variable} is none of Localfax's; did you mean {meant}\\?"):
        load({}, None, {variable: "http://127.0.0.1:8000/hook"})


def test_variables_of_others_and_those_of_vendors_are_let_be():
    names = (
        "LOCALFAX_IFAX_BASE_URL",
        "LOCALFAX_KAZOO_ACCOUNT",
        "LOCALFAX_REPORT",
        "LOCALFAX_MINE",
        "LOCALFX_PORT",
    )
    assert load({}, None, dict.fromkeys(names, "x")) == Config()


def test_the_variable_or_the_file_that_says_it_is_named(tmp_path: Path):
    with pytest.raises(ValueError, match=r"^LOCALFAX_PORT: port must be a whole number .*, not 'many'$"):
        load({}, None, {"LOCALFAX_PORT": "many"})
    with pytest.raises(ValueError, match=r"localfax\.toml: speed must be a number"):
        load({}, written(tmp_path, "speed = [1]"), {})


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match=r"localfax\.toml: Expected '=' after a key"):
        load({}, written(tmp_path, "port 3"), {})


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        load({}, str(tmp_path / "none.toml"), {})


@pytest.mark.parametrize(
    ("text", "speed"), [("20", 20), (0, 0), ("0.5", 0.5), ("max", None), (None, None), (1e6, 1e6)]
)
def test_a_speed_is_a_number_or_max(text: object, speed: float | None):
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["-1", "inf", "nan", "fast", "", True, [], {}, 1e7])
def test_no_other_speed_is_taken(text: object):
    with pytest.raises(ValueError, match="speed must be a number"):
        parse_speed(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("24h", 86_400.0), ("90m", 5400.0), ("60", 60.0), ("1.5h", 5400.0), ("off", None)]
)
def test_a_time_after_which_sandboxes_expire(text: str, seconds: float | None):
    assert Config().with_texts({"expire": text}).expire == seconds


@pytest.mark.parametrize("text", ["", "1s", "-1h", "soon", "9" * 400, True, [], 1e300])
def test_a_time_that_is_none_is_refused(text: object):
    with pytest.raises(ValueError, match="expire must be a time"):
        Config().with_texts({"expire": text})
