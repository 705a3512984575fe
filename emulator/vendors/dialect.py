"""What every vendor's Flask app shares: the sandbox, the order of checks, errors, faults, the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from flask import Flask, Response, abort
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from emulator import documents
from emulator.core.dialect.vendor import Vendor, Voice
from emulator.core.engine.engine import Engine, LivingWorld
from emulator.core.engine.player import Player
from emulator.core.engine.sandboxes import DEFAULT
from emulator.core.errors import NotFound, Unavailable, Unwritten
from emulator.core.faxes.plan import Refused
from emulator.core.request_body import unpack_body
from emulator.vendors import answers
from emulator.vendors.forms import WholeRequest
from emulator.vendors.notes import present
from emulator.vendors.vendor_app import HERE, VendorApp

REFUSAL_KEY = "localfax.refusal"
"""WSGI environ key of the status and reason with which the server has a request refused."""


class RequestContext:
    """The request being answered: whose world it is for, by which key, and what its view may need of it.

    `settings` are the vendor's portal settings as they are when the request begins.
    """

    def __init__(self, world: LivingWorld, vendor: Vendor, key: str = "") -> None:
        self.world, self.vendor, self.key = world, vendor, key
        self.sandbox, self.ids, self.settings = world.sandbox, world.ids, world.settings(vendor.name)

    @property
    def now(self) -> float:
        """The sandbox's virtual instant, seconds since 1970."""
        return self.world.now

    def next(self, kind: str) -> int:
        """Count a counter of this vendor's own up by one."""
        return self.world.next(f"{self.vendor.name}/{kind}")

    def profile(self, switch: str, default: Any = None) -> Any:
        """A profile switch of the sandbox."""
        return self.settings.profile.get(switch, default)


def new_app(vendor: Vendor, player: Player) -> Flask:
    """Make the vendor's Flask app: its checks run in their order before each view, for unknown paths too."""
    voice = vendor.voice
    assert voice is not None, f"{vendor.name} has no voice"
    app = VendorApp(f"localfax.{vendor.name}", static_folder=None, root_path=HERE)

    class BoundedRequest(WholeRequest):
        max_content_length = vendor.body_limit

    app.request_class = BoundedRequest
    app.older_paths = vendor.older_paths
    app.serves = (vendor, player.engine)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # it would redirect, in the framework's words

    app.before_request(partial(_check, vendor))
    for endpoint in vendor.endpoints:
        app.add_url_rule(
            endpoint.path,
            endpoint.name,
            endpoint.view,
            methods=endpoint.methods,
            provide_automatic_options=False,
        )
    app.after_request(partial(answers.finish, vendor, player))
    handlers: dict[type[Exception], Callable[[Any], Any]] = {
        HTTPException: partial(_http_error, voice),
        Refused: partial(answers.refuse, voice),
        Unavailable: lambda error: voice.unavailable(),
        Unwritten: lambda error: voice.unavailable(),
        documents.Busy: lambda error: _busy(voice),
        # The sandbox was removed while the request was being answered.
        NotFound: lambda error: voice.unavailable(),
        **voice.errors,
    }
    for error, handler in handlers.items():
        app.register_error_handler(error, partial(_decline, handler))
    return app


def _decline(handler: Callable[[Any], Any], error: Exception) -> Any:
    """Answer an error, and note that what was asked is not done: some vendors say so with HTTP 200."""
    if (notes := present.get(None)) is not None:
        notes.declined = True
    return handler(error)


def _check(vendor: Vendor) -> Response | None:
    """Make the vendor's checks of the request; answer it when one of them, or the server, refuses it."""
    notes = present.get()
    environ = notes.request.environ
    if (refusal := environ.get(REFUSAL_KEY)) is not None:
        abort(*refusal)
    packed = notes.trouble = unpack_body(environ, vendor.body_limit)
    answer = None
    try:
        for check in vendor.checks:
            if (answer := check()) is not None:
                break
    except Exception as error:
        if packed is None or notes.context is not None:
            raise
        raise UnsupportedMediaType(packed) from error  # what was not read may have said who asks
    if packed is not None and (answer is None or notes.context is None):
        raise UnsupportedMediaType(packed)
    if answer is not None:
        notes.declined = notes.request.method != "OPTIONS"
    return cast("Response | None", answer)


def _busy(voice: Voice) -> Response:
    answer: Response = voice.unavailable()
    answer.headers["Retry-After"] = "1"
    return answer


def _http_error(voice: Voice, error: HTTPException) -> Response:
    """Answer in the vendor's voice what HTTP itself refuses; a 405 says which methods there are."""
    answer: Response = voice.http_error(error)
    if methods := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def serving() -> tuple[Vendor, Engine]:
    """The vendor whose app answers, and the engine behind it."""
    return present.get().serves


def enter(key: str) -> RequestContext | None:
    """Find the sandbox that a request is for by its credential; None when nobody has that credential."""
    vendor, engine = serving()
    sandbox_id = engine.find(f"{vendor.name}/{key}")
    if sandbox_id is None:
        present.get().stranger = True
        return None
    return _enter(sandbox_id, key)


def enter_default(key: str | None) -> RequestContext | None:
    """Open the default sandbox to a key that nobody has, where --any-credentials says so."""
    if not key or not serving()[1].any_credentials:
        return None
    present.get().foreign = True
    return _enter(DEFAULT, key)


def _enter(sandbox_id: str, key: str = "") -> RequestContext:
    vendor, engine = serving()
    documents.ask_for(sandbox_id)
    engine.note_use(sandbox_id)
    found = RequestContext(engine.world(sandbox_id, answers.ASKING), vendor, key)
    present.get().context = found
    return found


def context() -> RequestContext:
    """What the request that is being answered is for."""
    found = present.get().context
    assert found is not None, "no check has found the request's sandbox"
    return found


def link_token() -> str:
    """What links carry that serve without credentials; from now on it finds the sandbox."""
    own = context()
    token = own.sandbox.link_token(own.vendor.name)
    own.world.bind(f"link/{own.vendor.name}/{token}")
    return token


def enter_by_link(token: str) -> RequestContext:
    """Find the sandbox that a request is for by its link; unknown ones are the vendor's 404."""
    vendor, engine = serving()
    sandbox_id = engine.store.bound(f"link/{vendor.name}/{token}")
    if sandbox_id is None:
        abort(404)
    return _enter(sandbox_id)


def concerns(fax_id: str) -> None:
    """Note in the journal which fax the request was about."""
    present.get().fax = fax_id
