"""The token bucket, on the sandbox's clock."""

from __future__ import annotations

from tests.vendors.kazoo.client import Kazoo, log_in, login, refusal
from tests.vendors.kazoo.test_logins import api_auth

LIST = "/faxes/outgoing"
TOO_MANY = (429, "too_many_requests", {"message": "too many requests"})


def statuses(kazoo: Kazoo, count: int) -> list[int]:
    return [kazoo.call("GET", LIST).status_code for _ in range(count)]


def test_calls_are_not_limited_unless_the_profile_says_so(kazoo: Kazoo) -> None:
    for _ in range(3):
        login(kazoo)
    assert statuses(kazoo, 120) == [200] * 120
    for off in (False, 0, None):
        kazoo.control.vendor("kazoo", profile={"rate_limit": off})
        assert statuses(kazoo, 2) == [200] * 2


def test_one_hundred_calls_at_once_then_ten_a_second(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", profile={"rate_limit": True})
    assert statuses(kazoo, 101) == [200] * 100 + [429]
    kazoo.refused("GET", LIST, TOO_MANY)
    kazoo.control.advance(by=1)
    assert statuses(kazoo, 11) == [200] * 10 + [429]
    kazoo.control.vendor("kazoo", profile={"rate_limit": False})
    assert statuses(kazoo, 1) == [200]


def test_the_bucket_may_have_another_size(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", profile={"rate_limit": 3})
    assert statuses(kazoo, 4) == [200] * 3 + [429]
    kazoo.control.advance(by=60)
    assert statuses(kazoo, 4) == [200] * 3 + [429]


def test_a_login_costs_thirty_five_calls(kazoo: Kazoo) -> None:
    kazoo.control.vendor("kazoo", profile={"rate_limit": True})
    login(kazoo)
    assert api_auth(kazoo, kazoo.credentials["api_key"]).status_code == 201
    assert statuses(kazoo, 31) == [200] * 30 + [429]
    refusal(log_in(kazoo), *TOO_MANY)
    kazoo.control.advance(by=4)
    login(kazoo)
