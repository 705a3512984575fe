"""What the Dockerfile and compose.yaml say, done without an engine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.bench.process import free_port

ROOT = Path(__file__).parents[2]


@pytest.mark.soak
def test_the_steps_of_the_image_hold_in_an_empty_folder() -> None:
    command = [ROOT / "scripts" / "prove-image", str(free_port())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.stdout.endswith("the image's steps hold\n"), done.stdout + done.stderr


def test_compose_starts_one_server_and_redis_only_where_it_is_asked_for() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    usual = [name for name, service in services.items() if not service.get("profiles")]
    assert usual == ["localfax"]
    assert services["shared"]["command"] == "serve --workers 2 --store redis://redis:6379"
    assert services["shared"]["depends_on"] == {"redis": {"condition": "service_healthy"}}
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {name: ["127.0.0.1:8329:8329"] for name in ("localfax", "shared")}
