"""The control plane's reference as a page, from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from emulator.control.openapi import control_document
from emulator.control.routes import ROUTES

JSON = Mapping[str, Any]

HEAD = """# Control plane

Everything that steers a server and reads what happened, as JSON over HTTP below `/_localfax`. A running
server describes it at `/_localfax/openapi.json`, each vendor at `/_localfax/openapi/VENDOR.json`. Durations
are seconds or text like `90s`, `5m`, `48h`; instants are ISO 8601 in UTC. A list is answered as
`{"faxes": [...], "next": cursor or null}` and takes `limit` and `after`. What is refused is
`{"error": {"code", "message", "field"?}}` with the status of its kind.
"""


def write_reference() -> str:
    """Write the page in Markdown: each endpoint with what it takes and answers, then the schemas."""
    document = control_document(ROUTES, "http://127.0.0.1:8329")
    parts = [HEAD]
    for path, item in document["paths"].items():
        parts += [_endpoint(method, path, item[method]) for method in item if method != "parameters"]
    parts.append("## What is answered\n")
    for name, schema in document["components"]["schemas"].items():
        parts.append(f"### {name}\n\n" + _table("key", _rows(schema)))
    return "\n".join(parts)


def _endpoint(method: str, path: str, told: JSON) -> str:
    lines = [f"## `{method.upper()} /_localfax{path}`\n", f"{told['summary']}\n"]
    if query := [each for each in told.get("parameters", ()) if each["in"] == "query"]:
        lines.append(_table("query", ((each["name"], each["schema"] | each) for each in query)))
    for kind, content in told.get("requestBody", {}).get("content", {}).items():
        if rows := list(_rows(content.get("schema", {}))):
            lines.append(_table(f"body ({kind})", rows))
    answers = ", ".join(f"{status} {_answer(told['responses'][status])}" for status in told["responses"])
    return "\n".join([*lines, f"Answers {answers}.\n"])


def _answer(answer: JSON) -> str:
    schemas = [content.get("schema", {}) for content in answer.get("content", {}).values()]
    names = [_link(schema) for schema in schemas if "$ref" in schema]
    return names[0] if names else answer["description"]


def _rows(schema: JSON, before: str = "") -> Iterator[tuple[str, JSON]]:
    for name, each in schema.get("properties", {}).items():
        yield f"{before}{name}", each
        if each.get("properties") and not before:
            yield from _rows(each, f"{before}{name}.")


def _table(head: str, rows: Any) -> str:
    lines = [f"| `{name}` | {_kind(each)} | {_text(each)} |" for name, each in rows]
    return "\n".join([f"| {head} | kind | |", "|---|---|---|", *lines, ""])


def _kind(schema: JSON) -> str:
    if "$ref" in schema:
        return _link(schema)
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " or ".join(dict.fromkeys(map(_kind, choices)))
    kind = schema.get("format") or schema.get("type", "anything")
    if kind == "array":
        kind = f"list of {_kind(schema.get('items', {}))}"
    return f"{kind} or null" if schema.get("nullable") else str(kind)


def _link(schema: JSON) -> str:
    name = schema["$ref"].rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def _text(schema: JSON) -> str:
    words = ", ".join(f"`{each}`" for each in schema.get("enum", ()))
    default = f"default `{schema['default']}`" if schema.get("default") is not None else ""
    told = str(schema.get("description", "")).replace("|", "\\|").replace("\n", " ")
    return "; ".join(part for part in (told, words, default) if part)


if __name__ == "__main__":
    print(write_reference())
