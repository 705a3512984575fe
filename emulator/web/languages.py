"""A request that can be made again, as a program in the reader's language."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus

from emulator.web.again import DOCUMENT, MULTIPART, Again, Pieces

_TYPE = "application/pdf"
_BASE64 = f'"$(base64 -w0 {DOCUMENT})"'


def write_curl(again: Again, document: str | None = None) -> str:
    """Write a line for a shell; one before it fetches the document from its URL."""
    words = [f"curl -s -X {again.method} {shlex.quote(again.url)}", *_curl_body(again)]
    words += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in again.headers]
    fetch = [f"curl -s {shlex.quote(document)} -o {DOCUMENT}"] if document and again.has_document else []
    return "\n".join([*fetch, " ".join(words)])


def _curl_body(again: Again) -> Iterator[str]:
    flag = "--form-string" if again.multipart else "--data-urlencode"
    for each in again.fields:
        kind = f";type={each.media_type}" if each.media_type else ""
        yield f"{'-F' if kind else flag} {_shell((f'{each.name}=', *each.value, kind))}"
    for file in again.files:
        yield "-F " + shlex.quote(f'{file.name}=@{DOCUMENT};filename="{file.filename}";type={_TYPE}')
    if again.text is not None:
        yield f"--data-raw {_shell(again.text)}"


def _shell(value: Pieces) -> str:
    whole: list[str] = [""]
    for piece in value:
        if piece is None:
            whole += [_BASE64, ""]
        else:
            whole[-1] += piece
    return "".join(piece if piece == _BASE64 else shlex.quote(piece) for piece in whole if piece)


def write_python(again: Again, document: str | None = None) -> str:
    """Write a program for Python with requests."""
    lines = ["import base64", "", "import requests", ""] if again.encodes else ["import requests", ""]
    if again.has_document:
        content = f"requests.get({document!r}).content" if document else f'open("{DOCUMENT}", "rb").read()'
        lines.append(f"document = {content}")
    arguments = [
        repr(again.method),
        repr(again.url),
        f"headers={dict(again.headers)!r}",
        *_python_body(again),
    ]
    lines += ["answer = requests.request(", *(f"    {each}," for each in arguments), ")"]
    return "\n".join([*lines, "print(answer.status_code, answer.text)"])


def _python_body(again: Again) -> Iterator[str]:
    if again.text is not None:
        yield f"data=({_python(again.text)}).encode()"
    elif again.multipart:
        fields = [f"({each.name!r}, (None, {_python(each.value)}))" for each in again.fields]
        files = [f"({each.name!r}, ({each.filename!r}, document, {_TYPE!r}))" for each in again.files]
        yield f"files=[{', '.join([*fields, *files])}]"
    elif again.fields:
        yield f"data=[{', '.join(f'({each.name!r}, {_python(each.value)})' for each in again.fields)}]"


def _python(value: Pieces) -> str:
    encoded = "base64.b64encode(document).decode()"
    return " + ".join(encoded if piece is None else repr(piece) for piece in value)


def write_javascript(again: Again, document: str | None = None) -> str:
    """Write a module for Node 18 or later."""
    lines = []
    if again.has_document and document:
        lines.append(f"const file = Buffer.from(await (await fetch({_js(document)})).arrayBuffer());")
    elif again.has_document:
        lines += ['import { readFileSync } from "node:fs";', "", f'const file = readFileSync("{DOCUMENT}");']
    body = "form" if again.fields or again.multipart else _js_text(again.text) if again.text else None
    if body == "form":
        lines.append(f"const form = new {'FormData' if again.multipart else 'URLSearchParams'}();")
        lines += [f"form.append({_js(each.name)}, {_js_text(each.value)});" for each in again.fields]
        made = f'new Blob([file], {{ type: "{_TYPE}" }})'
        lines += [f"form.append({_js(each.name)}, {made}, {_js(each.filename)});" for each in again.files]
    options = [f"method: {_js(again.method)}", f"headers: {json.dumps(dict(again.headers))}"]
    options += [f"body: {body}"] if body else []
    lines += [f"const answer = await fetch({_js(again.url)}, {{", *(f"  {each}," for each in options), "});"]
    return "\n".join([*lines, "console.log(answer.status, await answer.text());"])


def _js(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _js_text(value: Pieces) -> str:
    return " + ".join('file.toString("base64")' if piece is None else _js(piece) for piece in value)


def write_php(again: Again, document: str | None = None) -> str:
    """Write a program for PHP with its curl; a form is put together by hand, as names may repeat."""
    lines = ["<?php"]
    if again.has_document:
        lines.append(f"$file = file_get_contents({_php(document or DOCUMENT)});")
    given = [f"{name}: {value}" for name, value in again.headers]
    given += [f"Content-Type: {MULTIPART}; boundary={_BOUNDARY}"] if again.multipart else []
    headers = ", ".join(map(_php, given))
    options = [f"CURLOPT_CUSTOMREQUEST => {_php(again.method)}", "CURLOPT_RETURNTRANSFER => true"]
    options += [f"CURLOPT_HTTPHEADER => [{headers}]", *_php_body(again)]
    lines += [f"$request = curl_init({_php(again.url)});", "curl_setopt_array($request, ["]
    lines += [*(f"    {each}," for each in options), "]);"]
    return "\n".join([*lines, "$answer = curl_exec($request);", _PHP_SAYS])


_PHP_SAYS = 'echo curl_getinfo($request, CURLINFO_RESPONSE_CODE), " ", $answer, "\\n";'
_BOUNDARY = "localfax-boundary"


def _php_body(again: Again) -> Iterator[str]:
    if again.text is not None:
        yield f"CURLOPT_POSTFIELDS => {_php_text(again.text)}"
    elif again.multipart:
        parts = [_php_part(each.name, None, each.media_type, _php_text(each.value)) for each in again.fields]
        parts += [_php_part(each.name, each.filename, _TYPE, "$file") for each in again.files]
        end = f'"--{_BOUNDARY}--\\r\\n"'
        yield "CURLOPT_POSTFIELDS => " + "\n        . ".join([*parts, end])
    elif again.fields:
        pairs = [f"{_php(quote_plus(each.name) + '=')} . {_php_encoded(each.value)}" for each in again.fields]
        yield "CURLOPT_POSTFIELDS => " + " . '&' . ".join(pairs)


def _php_part(name: str, filename: str | None, media_type: str | None, value: str) -> str:
    named = f'; filename="{filename}"' if filename else ""
    kind = f"\r\nContent-Type: {media_type}" if media_type else ""
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}{kind}\r\n\r\n'
    return f'{json.dumps(head, ensure_ascii=False).replace("$", _DOLLAR)} . {value} . "\\r\\n"'


_DOLLAR = "\\$"


def _php(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _php_text(value: Pieces) -> str:
    return " . ".join("base64_encode($file)" if piece is None else _php(piece) for piece in value)


def _php_encoded(value: Pieces) -> str:
    return " . ".join(
        "urlencode(base64_encode($file))" if piece is None else _php(quote_plus(piece)) for piece in value
    )


LANGUAGES: dict[str, tuple[str, Callable[[Again, str | None], str]]] = {
    "curl": ("curl", write_curl),
    "python": ("Python", write_python),
    "javascript": ("JavaScript", write_javascript),
    "php": ("PHP", write_php),
}
"""By the word in an address: its name, and what writes it."""
