"""Requests to the control plane over HTTP: JSON in, JSON out, refusals as exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, cast

if TYPE_CHECKING:
    import requests
    from typing_extensions import Unpack

ROOT = "/_localfax"
_LOOPBACK = ("http://127.", "http://localhost", "http://[::1]")
_SCHEMES = ("http://", "https://")
PATIENCE = 30.0
"""Real seconds that an answer is waited for."""
LONG = 600.0
"""Real seconds that an advance, which sends webhooks, may take."""
_NO_CONTENT = 204
_NOT_TLS = "WRONG_VERSION_NUMBER"
"""What OpenSSL says of a server that speaks no TLS."""
_PAGE = 200
"""Rows of a list that are asked for at a time."""


class Options(TypedDict, total=False):
    """A body (`json` or `data`), a query (None is left out), headers, real seconds to wait."""

    json: Any
    data: str | bytes | None
    query: Mapping[str, Any] | None
    headers: Mapping[str, str]
    patience: float


class Unreachable(Exception):
    """No server answers there."""


class Refusal(Exception):
    """The server said no: an HTTP status, the error's code and message, and the field that is wrong."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        self.status, self.code, self.message, self.field = status, code, message, field
        super().__init__(f"{field}: {message}" if field else message)


class Connection:
    """One server's control plane."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: requests.Session | None = None

    @property
    def session(self) -> requests.Session:
        """The HTTP session that all requests of this client share; opened when it is first used."""
        if self._session is None:
            scheme, _, place = self.url.partition("//")
            if "/" in place:
                server = f"{scheme}//{place.partition('/')[0]}"
                raise Unreachable(f"{self.url} is not the server's address, which has no path: {server}")
            import requests

            self._session = requests.Session()
            self._session.trust_env = not self.url.startswith(_LOOPBACK)  # a proxy never knows loopback
        return self._session

    def close(self) -> None:
        """Close what is open; a later request opens it again."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def ask(self, method: str, path: str, **options: Unpack[Options]) -> Any:
        """Request `/_localfax{path}` and read its JSON (None when empty); raise Refusal or Unreachable."""
        answer = self.raw(method, path, **options)
        if answer.status_code == _NO_CONTENT:
            return None
        try:
            return answer.json()
        except ValueError:
            raise Unreachable(f"what answers at {self.url} is no Localfax") from None

    def raw(self, method: str, path: str, **options: Unpack[Options]) -> requests.Response:
        """Request `/_localfax{path}`; raise Refusal or Unreachable."""
        answer = self.answer(method, path, **options)
        if not answer.ok:
            raise _refusal(answer)
        return answer

    def answer(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        data: str | bytes | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> requests.Response:
        """Request `/_localfax{path}`, whatever the status of the answer; raise Unreachable."""
        import requests

        try:
            return self.session.request(
                method,
                self.url + ROOT + path,
                params={name: value for name, value in (query or {}).items() if value is not None},
                json=json,
                data=data.encode() if isinstance(data, str) else data,
                headers=headers,
                timeout=patience,
            )
        except (requests.RequestException, ValueError) as wrong:
            raise self._unreachable(wrong) from None

    def lines(self, path: str) -> Iterator[str]:
        """Read the lines of an answer that has no end, as they come; raise Refusal or Unreachable."""
        import requests

        try:
            with self.session.get(self.url + ROOT + path, stream=True, timeout=PATIENCE) as answer:
                if not answer.ok:
                    raise _refusal(answer)
                yield from answer.iter_lines(chunk_size=1, decode_unicode=True)
        except (requests.RequestException, ValueError) as wrong:
            raise self._unreachable(wrong) from None

    def _unreachable(self, wrong: Exception) -> Unreachable:
        if not self.url.startswith(_SCHEMES):
            return Unreachable(f"{self.url!r} is no address: it begins with http:// or https://")
        return Unreachable(f"nobody answers at {self.url}: {_reason(wrong)}")

    def rows(
        self,
        path: str,
        plural: str,
        query: Mapping[str, Any] | None = None,
        most: int | None = None,
        page: int = _PAGE,
    ) -> Iterator[dict[str, Any]]:
        """Read the rows of a list, at most so many, a `page` at a time when they are asked for."""
        given, after = 0, None
        while True:
            limit = page if most is None else min(page, most - given)
            if limit <= 0:
                return
            said = self.ask("GET", path, query={**(query or {}), "limit": limit, "after": after})
            yield from said[plural]
            given, after = given + len(said[plural]), said["next"]
            if after is None:
                return


def _reason(wrong: Exception) -> str:
    while (inner := wrong.__cause__ or wrong.__context__) is not None:
        wrong = cast(Exception, inner)
    said = getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__
    return f"{said} (does it speak http:// there?)" if _NOT_TLS in said else said


def _refusal(answer: requests.Response) -> Refusal:
    try:
        said = answer.json()["error"]
        return Refusal(answer.status_code, said["code"], said["message"], said.get("field"))
    except (ValueError, KeyError, TypeError):
        reason = answer.reason or "error"
        return Refusal(answer.status_code, "unexpected", f"{answer.status_code} {reason} of {answer.url}")
