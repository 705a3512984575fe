"""Broken rules as an error names them."""

from __future__ import annotations

from typing import Any

REQUIRED = "Field is required but missing"

Rule = dict[str, dict[str, Any]]


def rule(message: str, **more: Any) -> dict[str, Any]:
    return {"message": message, **more}


def required(name: str) -> Rule:
    return {"required": rule(REQUIRED, value=name)}


def typed(kind: str, value: Any) -> Rule:
    return {"type": rule(f"Value did not match type(s): {kind}", target=kind, value=value)}


def one_of(*choices: str, value: Any) -> Rule:
    text = "Value not found in enumerated list of values"
    return {"enum": rule(text, target=list(choices), value=value)}


def pattern(expression: str, value: str) -> Rule:
    return {"pattern": rule(f"Failed to match pattern '{expression}'", target=expression, value=value)}


def at_least(target: int, value: int) -> Rule:
    return {"minimum": rule(f"Value must be at least {target}", target=target, value=value)}


def at_most(target: int, value: int) -> Rule:
    return {"maximum": rule(f"Value must be at most {target}", target=target, value=value)}


def too_short(target: int, value: str) -> Rule:
    text = f"String must be at least {target} characters"
    return {"minLength": rule(text, target=target, cause=value, value=value)}


def too_long(target: int, value: str) -> Rule:
    text = f"String must not be more than {target} characters"
    return {"maxLength": rule(text, target=target, cause=value, value=value)}


def shorter(target: int, value: str) -> Rule:
    text = f"String must be at least {target} characters"
    return {"minLength": rule(text, target=target, cause=value, value=value)}


def malformed(kind: str, value: str) -> Rule:
    return {"wrong_format": rule("Field is not in the correct format", value=value, format=kind)}


def not_allowed(value: Any) -> Rule:
    return {"additionalProperties": rule("Field is not allowed", value=value)}
