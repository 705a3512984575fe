"""A finding as a scenario file that plays it again, while the application sends and asks by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.explore.story import Story

_HEAD = """\
# {text}
# {problems}
#
# Play it again while you look into your application:
#
#   localfax replay --wait --url {url} --sandbox {sandbox} {file}
#   {command}
#
# Restart your application first: the replay empties the sandbox, and the ids of its faxes begin anew. It
# waits until the application has sent, and has asked for the status where a step says so.
"""


def file_name(story: Story) -> str:
    """Name the file of a finding."""
    return f"{story.combination.name.replace(':', '.')}.yaml"


def write_finding(
    story: Story,
    vendor: str,
    rules: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    told: Mapping[str, str],
) -> str:
    """Write the file; `told` has what its head says: text, problems, url, sandbox, file, command."""
    import yaml

    scenario = {
        "name": file_name(story).removesuffix(".yaml"),
        "purpose": f"{story.combination.text}.",
        "match": {"vendor": vendor, "to": story.to},
        "steps": [*({"rule": _without_name(rule)} for rule in reversed(rules)), *_seen(story, steps)],
    }
    body = yaml.safe_dump(scenario, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD.format(**told) + body


def _without_name(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in rule.items() if name != "name"}


def _seen(story: Story, steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The steps as the vendor sees them: a request that made no fax is one that asked in vain."""
    made, found = story.truth.count, list[dict[str, Any]]()
    for step in map(dict, steps):
        if "send" in step:
            found += [{"send": {}}] if made > 0 else [{"look": 1}] if not found else []
            made -= 1
        else:
            found.append(step)
    return found
