"""Who may call what, and what a scenario refuses."""

from __future__ import annotations

from base64 import b64encode

import pytest
import requests

from tests.conftest import WAIT
from tests.vendors.mfax.bodies import BODIES, whole
from tests.vendors.mfax.conftest import NUMBER, UNKNOWN, Mfax, error, refused

UNAUTHORIZED = error(
    "UnauthorizedError", "Unauthorized: send the key as it is, Authorization: Basic API_KEY."
)


def test_an_error_is_written_like_any_other_answer(mfax: Mfax) -> None:
    answer = mfax.get(f"/v1/fax/{UNKNOWN}/info")
    assert answer.text == '{"error":{"name":"NotFoundError","message":"Fax not found."}}\n'


def me(mfax: Mfax, **headers: str) -> requests.Response:
    return requests.get(f"{mfax.base}/v1/me", headers=headers, timeout=WAIT)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic ",
        "Basic wrong",
        "Digest {key}",
        "{key}",
        "Bearer {key}",
        "Basic {coded}",
        "Basic \xff",
    ],
)
def test_a_call_without_the_key_is_refused(mfax: Mfax, authorization: str) -> None:
    key = mfax.control.credentials("mfax")["apiKey"]
    coded = b64encode(f"{key}:".encode()).decode()
    answer = me(mfax, Authorization=authorization.format(key=key, coded=coded))
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)
    assert me(mfax).json() == UNAUTHORIZED


@pytest.mark.parametrize("authorization", ["Bearer {key}", "Basic {coded}", "Basic {key}", "basic  {key}"])
def test_the_lenient_switch_takes_what_some_clients_send(mfax: Mfax, authorization: str) -> None:
    mfax.control.vendor("mfax", profile={"lenient_auth": True})
    key = mfax.control.credentials("mfax")["apiKey"]
    coded = b64encode(f"{key}:".encode()).decode()
    whole(me(mfax, Authorization=authorization.format(key=key, coded=coded)), BODIES["me"])


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer {key}"}, {"X-API-Key": "{key}"}, {"Authorization": "Basic {coded}"}]
)
def test_with_the_switch_a_good_key_in_a_wrong_way_is_not_found(mfax: Mfax, headers: dict[str, str]) -> None:
    key = mfax.control.credentials("mfax")["apiKey"]
    coded = b64encode(f"{key}:".encode()).decode()
    sent = {name: value.format(key=key, coded=coded) for name, value in headers.items()}
    whole(me(mfax, **sent), UNAUTHORIZED, 401)
    mfax.control.vendor("mfax", profile={"wrong_auth_404": True})
    whole(me(mfax, **sent), error("NotFoundError", "Resource not found."), 404)
    whole(me(mfax, Authorization="Bearer nobody"), UNAUTHORIZED, 401)
    whole(me(mfax, Authorization=f"Basic {key}"), BODIES["me"])


def test_the_default_sandbox_has_the_default_keys(mfax: Mfax) -> None:
    roles = [
        me(mfax, Authorization=f"Basic {key}").json()["userRole"]
        for key in ("mfax-test-key", "mfax-test-base-key")
    ]
    assert roles == ["admin", "base"]


@pytest.mark.parametrize("host", ["app.drenfax.com", "api.documo.com", "api.sandbox.documo.com"])
def test_the_vendors_hosts_lead_to_it(mfax: Mfax, host: str) -> None:
    answer = requests.get(f"{mfax.control.url}/v1/me", headers=mfax.headers | {"Host": host}, timeout=WAIT)
    whole(answer, BODIES["me"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"/v1/numbers/{UNKNOWN}/user/{UNKNOWN}"),
        ("DELETE", f"/v1/numbers/{UNKNOWN}/user/{UNKNOWN}"),
        ("POST", "/v1/numbers/provision"),
        ("PATCH", f"/v1/numbers/{UNKNOWN}"),
        ("DELETE", f"/v1/numbers/{UNKNOWN}/release"),
        ("POST", "/webhooks"),
        ("GET", "/webhooks"),
        ("GET", f"/webhooks/{UNKNOWN}"),
        ("PATCH", f"/webhooks/{UNKNOWN}"),
        ("DELETE", f"/webhooks/{UNKNOWN}"),
        ("POST", "/v1/users"),
        ("DELETE", f"/v1/users/{UNKNOWN}"),
        ("POST", "/v1/custom-fields"),
        ("PATCH", f"/v1/custom-fields/{UNKNOWN}"),
        ("DELETE", f"/v1/custom-fields/{UNKNOWN}"),
    ],
)
def test_a_key_of_the_base_level_manages_nothing(base_user: Mfax, method: str, path: str) -> None:
    answer = base_user.call(method, path)
    message = "An API key of the admin level is required."
    assert (answer.status_code, answer.json()) == (403, error("NotAllowedError", message))


def test_a_trial_plan_has_no_api(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", profile={"trial": True})
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER)
    message = "Non trial mFax plan required."
    assert (answer.status_code, answer.json()) == (403, error("NotAllowedError", message))
    account = {**BODIES["me"]["account"], "allowApi": False}
    whole(mfax.get("/v1/me"), {**BODIES["me"], "account": account})


def test_an_account_that_is_not_active_may_do_nothing(mfax: Mfax) -> None:
    mfax.control.vendor("mfax", active=False)
    assert refused(mfax.get("/v1/numbers")) == (403, "NotAllowedError", "The account is not active.")


@pytest.mark.parametrize(
    ("number", "status", "name", "message"),
    [
        ("15005550006", 403, "NotAllowedError", "Not enough pages left in the plan of the account."),
        ("15005550013", 403, "NotAllowedError", "Faxing to this number is blocked."),
        ("+15005550020", 500, "InternalServerError", "Internal server error."),
        ("5005550021", 429, "TooManyRequestsError", "Too many requests, please try again later."),
    ],
)
def test_magic_numbers_refuse_the_call(
    mfax: Mfax, pdf: bytes, number: str, status: int, name: str, message: str
) -> None:
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=number)
    assert (answer.status_code, answer.json()) == (status, error(name, message))
    assert mfax.control.faxes() == []


def test_the_account_may_block_numbers(mfax: Mfax, pdf: bytes) -> None:
    mfax.control.vendor("mfax", restricted_numbers=["+12125550123"], profile={"international": False})
    blocked = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber="2125550123")
    assert refused(blocked) == (403, "NotAllowedError", "Faxing to this number is blocked.")
    abroad = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber="+442079460123")
    assert refused(abroad) == (403, "NotAllowedError", "International fax was disabled for account")


@pytest.mark.parametrize(
    ("http", "status", "body"),
    [
        ({"status": 503}, 503, error("ServiceUnavailableError", "Service Unavailable")),
        ({"code": "NotFoundError"}, 404, error("NotFoundError", "Not Found")),
        ({"status": 599}, 599, error("InternalServerError", "Error")),
        ({"refusal": "unauthorized"}, 401, UNAUTHORIZED),
        ({"refusal": "invalid_number"}, 400, error("InvalidInputError", "Invalid fax number.")),
({"refusal": "unauthorized", "status": 420}, 420, UNAUTHORIZED),
        ({"status": 402, "body": {"any": "thing"}}, 402, {"any": "thing"}),
    ],
)  # fmt: skip
def test_a_scenario_refuses_the_call_in_the_vendors_words(
    mfax: Mfax, pdf: bytes, http: dict[str, object], status: int, body: dict[str, object]
) -> None:
    path = f"/sandboxes/{mfax.control.id}/scenarios/next"
    mfax.control.call("POST", path, json={"http": http})
    answer = mfax.upload("/v1/faxes", ("a.pdf", pdf), faxNumber=NUMBER)
    assert (answer.status_code, answer.json()) == (status, body)
