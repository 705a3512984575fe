"""Make the pictures of the README anew: the page as Chromium shows it, with faxes of every kind.

make pictures
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shutil import which

import requests
from playwright.sync_api import sync_playwright

from emulator.app import App
from emulator.config import Config
from emulator.server.http_server import in_process
from localfax import Localfax, Sandbox
from localfax.asking import Document
from localfax.receiver import Receiver

DOCS = Path(__file__).resolve().parent.parent / "docs"
CHROMIUM = which("chromium-headless-shell") or which("chromium")
NOW = "2026-01-05T09:00:00Z"
WINDOW = {"width": 1440, "height": 900}
LETTER = """\
Riverside Clinic
1200 Example Street, Springfield

To: Medical records
From: Dr. A. Example
Subject: Discharge letter (made up)

Dear colleague,

thank you for the care of the patient named in the
file that does not exist. Everything in this letter is
made up, so that a picture has something to show.

  - blood pressure   120 / 80
  - temperature      36.6 C
  - allergies        none that anybody invented

Please send the results to +1 500 555 0001.

Yours sincerely,
A. Example
"""


def live(sandbox: Sandbox, hooks: Receiver) -> None:
    """Have faxes, requests and webhooks of every kind."""
    letter = Document("discharge-letter.txt", "text/plain", "\f".join([LETTER] * 3).encode())
    for vendor in sandbox.vendors:
        sandbox.settings(vendor, webhooks=hooks.url)
    sandbox.settings("ifax", max_attempts=2)
    sandbox.send("ifax", "+15005550005", pages=3)
    sandbox.receive("kazoo", "+12125550100", "+13105550123", pages=4, force=True)
    sandbox.settle()
    sandbox.advance("3h")
    sandbox.send("faxto", "+15005550010", pages=1)
    sandbox.send("openfax", "+16175550133", pages=2)
    sandbox.settle()
    hooks.answer(500, b"KeyError: 'jobId'", times=2)
    sandbox.settings("faxto", webhooks=hooks.url)
    sandbox.send("mfax", "+15005550004", document=letter)
    sandbox.advance("8m")
    keys = sandbox.credentials("ifax")
    wrong = f"{sandbox.base_url('ifax')}/v1/customer/fax-send"
    requests.post(wrong, json={"faxNumbr": "+12125550177"}, headers=keys, timeout=30)
    requests.get(f"{sandbox.base_url('mfax')}/v1/faxs", headers={"Authorization": "Basic wrong"}, timeout=30)
    sandbox.send("openfax", "+15005550013")
    sandbox.send("kazoo", "+12125550177", pages=3)
    sandbox.advance("19s")


def main() -> None:
    with closing(App(Config())) as app, in_process(app) as running, Receiver() as hooks:
        server = Localfax(running.url)
        sandbox = server.create(name="clinic", seed="picture", clock={"mode": "manual", "now": NOW})
        live(sandbox, hooks)
        letter = next(fax for fax in sandbox.faxes() if fax.vendor == "mfax")
        refused = next(each for each in sandbox.requests() if each.path.endswith("/fax-send"))
        paths = {"list": f"/faxes/{letter.id}", "requests": f"/requests/{refused.id}"}
        show(f"{running.url}/sandboxes/{sandbox.id}", paths)
        server.close()


def show(root: str, paths: dict[str, str]) -> None:
    """Keep a picture of each path, once its pages are drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport=WINDOW, color_scheme="light")
        for name, path in paths.items():
            page.goto(root + path)
            page.locator("#sheets img").evaluate_all("all => Promise.all(all.map(each => each.decode()))")
            page.screenshot(path=DOCS / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
