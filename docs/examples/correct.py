"""An application that sends faxes by iFax and bears what goes wrong; `localfax explore` finds nothing in it.

docs/explore.md says how it is run. What it does right stands beside each part. It keeps its orders in memory,
to be short.
"""

from __future__ import annotations

import base64
import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests
from flask import Flask, jsonify, request

BASE = os.environ["LOCALFAX_IFAX_BASE_URL"]
KEY = os.environ["LOCALFAX_IFAX_ACCESS_TOKEN"]
PASSWORD = os.environ.get("HOOK_PASSWORD")
TRIES = 3
LETTER = base64.b64encode(Path(__file__).with_name("letter.pdf").read_bytes()).decode()

app = Flask(__name__)
lock = threading.Lock()
orders: dict[str, dict[str, Any]] = {}


class Limited(Exception):
    """The vendor wants us to wait so many seconds."""


def ask(path: str, **body: Any) -> dict[str, Any]:
    """Ask the vendor; raise Limited, or requests' errors, or ValueError for an answer that broke off."""
    url = f"{BASE}/v1/customer/{path}"
    answer = requests.post(url, json=body, headers={"accessToken": KEY}, timeout=20)
    if answer.status_code == 429:
        raise Limited(float(answer.headers.get("Retry-After", 1)))
    answer.raise_for_status()
    return answer.json()


def submit(to: str) -> int | None:
    """Send a fax, and give its job; None when that cannot be done.

    After an error nobody knows whether the fax was taken: look for it before it is sent again.
    """
    for place in range(TRIES):
        try:
            job = find_job(to) if place else None
            file = {"fileName": "letter.pdf", "fileData": LETTER}
            return job or ask("fax-send", faxNumber=f"+{to}", faxData=[file])["data"]["jobId"]
        except Limited as limit:
            if place + 1 < TRIES:  # as often as this, and no more
                time.sleep(limit.args[0])
        except (requests.RequestException, ValueError, KeyError):
            continue
    return None


def find_job(to: str) -> int | None:
    rows = ask("fax-lists")["data"]
    return next((row["jobId"] for row in rows if row["toNumber"] == f"+{to}"), None)


def learn(order: dict[str, Any], word: str) -> None:
    """Take a word of the vendor; what has ended stays as it ended, and its effect happens once."""
    with lock:
        if order["state"] == "sending" and word != "sending":
            order["state"] = "delivered" if word == "delivered" else "failed"
            order["effects"] += 1


@app.post("/faxes")
def send() -> Any:
    to, number = request.form["to"], request.form.get("order") or request.form["to"]
    with lock:  # an order that is given twice is one order
        order = orders.get(number)
        is_new = order is None
        if order is None:
            order = orders[number] = {"to": to, "job": None, "state": "sending", "effects": 0}
    if is_new:  # not under the lock: the webhook may come before the answer
        order["job"] = submit(to)
        if order["job"] is None:
            learn(order, "failed")
    return jsonify(order)


@app.post("/hook")
def hook() -> Any:
    if PASSWORD and (request.authorization is None or request.authorization.password != PASSWORD):
        return "", 401
    told = request.get_json(silent=True)
    if not isinstance(told, dict) or "jobId" not in told:
        return "", 400
    order = find_order(told)
    if order is None:  # the vendor will try again
        return "", 404
    learn(order, told["faxStatus"])
    return "", 204


def find_order(told: dict[str, Any]) -> dict[str, Any] | None:
    """Find an order by its job; by its number while the job is not known yet."""
    for order in list(orders.values()):
        if order["job"] == told["jobId"] or (order["job"] is None and f"+{order['to']}" == told["toNumber"]):
            return order
    return None


@app.get("/faxes")
def show() -> Any:
    """Show an order; ask the vendor about one that has not ended, for webhooks get lost."""
    order = next(each for each in orders.values() if each["to"] == request.args["to"])
    if order["state"] == "sending" and order["job"] is not None:
        with suppress(Limited, requests.RequestException, ValueError, KeyError):  # the next look will know
            learn(order, ask("fax-status", jobId=order["job"])["data"]["faxStatus"])
    return jsonify(order)
