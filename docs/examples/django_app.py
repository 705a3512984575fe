"""Sends faxes by Fax.to with Django. Its fault: a webhook of a job that it does not know yet is answered 200,
and forgotten.

`localfax explore` finds: webhook:early, it never learns the truth.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import django
import requests
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

BASE = os.environ["LOCALFAX_FAXTO_BASE_URL"]
KEY = {"api_key": os.environ["LOCALFAX_FAXTO_API_KEY"]}
LETTER = Path(__file__).with_name("letter.pdf").read_bytes()
STATES = {"success": "delivered", "failed": "failed"}

lock = threading.Lock()
orders: dict[str, dict[str, Any]] = {}
heard: set[str] = set()
"""The jobs whose webhook has come: nobody need ask for them."""


def submit(to: str) -> int | None:
    for place in range(3):
        try:
            if place and (job := find(to)):
                return job
            files = {"file": ("letter.pdf", LETTER, "application/pdf")}
            form = {"fax_number": f"+{to}"}
            answer = requests.post(f"{BASE}/api/v2/fax", params=KEY, data=form, files=files, timeout=20)
            if answer.ok:
                return answer.json()["fax_job_id"]
            if place < 2:
                time.sleep(float(answer.headers.get("Retry-After", 0)))
        except (requests.RequestException, ValueError, KeyError):
            continue
    return None


def find(to: str) -> int | None:
    answer = requests.get(f"{BASE}/api/v2/fax-history", params=KEY, timeout=20)
    answer.raise_for_status()
    return next((row["id"] for row in answer.json()["history"] if row["recipient"] == to), None)


def learn(order: dict[str, Any], word: str) -> None:
    with lock:
        if order["state"] == "sending" and word in STATES:
            order["state"] = STATES[word]
            order["effects"] += 1


@csrf_exempt
def faxes(request: HttpRequest) -> HttpResponse:
    return send(request) if request.method == "POST" else show(request)


def send(request: HttpRequest) -> HttpResponse:
    to, number = request.POST["to"], request.POST.get("order") or request.POST["to"]
    with lock:
        known = orders.get(number)
        order = known or orders.setdefault(number, {"to": to, "job": None, "state": "sending", "effects": 0})
    if known is None:
        order["job"] = submit(to)
        if order["job"] is None:
            learn(order, "failed")
    return JsonResponse(order)


@csrf_exempt
def hook(request: HttpRequest) -> HttpResponse:
    if "fax_job_id" not in request.POST or "status" not in request.POST:
        return HttpResponse(status=400)
    job = request.POST["fax_job_id"]
    heard.add(job)
    for order in list(orders.values()):
        if str(order["job"]) == job:
            learn(order, request.POST["status"])
    return HttpResponse()  # the fault: also when no order has that job yet


def show(request: HttpRequest) -> HttpResponse:
    order = next(each for each in orders.values() if each["to"] == request.GET["to"])
    if order["state"] == "sending" and order["job"] is not None and str(order["job"]) not in heard:
        try:
            answer = requests.get(f"{BASE}/api/v2/fax/{order['job']}/status", params=KEY, timeout=20)
            answer.raise_for_status()
            learn(order, answer.json()["status"])
        except (requests.RequestException, ValueError, KeyError):
            pass
    return JsonResponse(order)


urlpatterns = [path("faxes", faxes), path("hook", hook)]

if not settings.configured:
    usual = {"SECRET_KEY": "none", "USE_TZ": True, "LOGGING_CONFIG": None}
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], **usual)
    django.setup()
app = get_wsgi_application()
