"""The vendors' own samples, hosts and keys included (Kazoo's run in tests/vendors/kazoo/test_curl.py)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import FIXTURES, Control, read_yaml
from tests.interception.conftest import Run

PHP = FIXTURES / "openfax" / "php"
SAMPLES = read_yaml("mfax/samples.yaml")
FILE = "/path/to/file"
SAMPLE = """<?php
$curl = curl_init();
curl_setopt_array($curl, array(
CURLOPT_URL => '{url}',
CURLOPT_RETURNTRANSFER => true,
CURLOPT_ENCODING => '',
CURLOPT_MAXREDIRS => 10,
CURLOPT_TIMEOUT => 0,
CURLOPT_FOLLOWLOCATION => true,
CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
CURLOPT_CUSTOMREQUEST => '{method}',
{rest}
));
$response = curl_exec($curl);
curl_close($curl);
return $response;
?>
"""
RUNNER = "foreach (array_slice($argv, 1) as $file) { if ((include $file) === false) exit(1); }"


def written(row: Any, file: Path) -> str:
    """Write a sample out."""
    key = [SAMPLES["key"]] if row.get("key", True) else []
    headers = ",\n".join(f"'{each}'" for each in [*key, *row.get("headers", ())])
    fields = [f"CURLOPT_POSTFIELDS => {row['fields']}"] if "fields" in row else []
    rest = ",\n".join([*fields, *([f"CURLOPT_HTTPHEADER => array(\n{headers}\n)"] if headers else [])])
    return SAMPLE.format(**row, rest=rest).replace(FILE, str(file))


def test_mfax(stand_in: Control, run: Run, tmp_path: Path, document: Callable[[str], bytes]) -> None:
    stand_in.call("POST", "/sandboxes/default/reset", 200)
    upload = tmp_path / "letter.pdf"
    upload.write_bytes(document("one-page.pdf"))
    files = [tmp_path / f"{number:02}.php" for number in range(len(SAMPLES["samples"]))]
    for file, row in zip(files, SAMPLES["samples"], strict=True):
        file.write_text(written(row, upload), encoding="utf-8")
    done = run("php", "-d", "display_errors=stderr", "-r", RUNNER, "--", *files)
    assert (done.returncode, done.stderr) == (0, "")
    rows = stand_in.call("GET", "/sandboxes/default/requests?limit=100", 200)["requests"][::-1]
    told = [(row["method"], f"https://app.drenfax.com{row['path']}", row["status"]) for row in rows]
    assert told == [
        (row["method"], row["url"].partition("?")[0], row["status"]) for row in SAMPLES["samples"]
    ]
    assert {row["vendor"] for row in rows} == {"mfax"}


def test_openfax(stand_in: Control, run: Run, tmp_path: Path, document: Callable[[str], bytes]) -> None:
    stand_in.call("POST", "/sandboxes/default/reset", 200)
    (tmp_path / "mydoc.pdf").write_bytes(document("one-page.pdf"))
    told = {
        "HOST": "https://api.openfax.com",
        "ACCOUNT_ID": "#######",
        "API_KEY": "Your API Key",
        "PDF": str(tmp_path / "mydoc.pdf"),
        "FROM_DATE": "2020-01-01",
        "TO_DATE": "2020-01-02",
        "LAST_HISTORY_ID": "0",
    }
    said = [
        json.loads(run("php", PHP / f"{name}.php", **told).stdout) for name in ("send", "balance", "report")
    ]
    [fax] = stand_in.faxes()
    assert said[0] == {"Response": "Success", "OutTransID": int(fax["vendor_view"]["id"])}
    assert list(said[1][0]) == ["AvailableCredit"]
    assert isinstance(said[2], list)
