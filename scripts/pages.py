"""What the site has beside docs/: pages that live elsewhere in the tree, and the control plane's reference.

MkDocs calls these functions (`hooks` of scripts/mkdocs.yml).
"""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent

ELSEWHERE = {
    "README.md": "index.md",
    "AGENTS.md": "agents.md",
    "clients/node/README.md": "node.md",
    "clients/php/README.md": "php.md",
    "clients/python/README.md": "python.md",
    "scenarios/README.md": "scenarios.md",
}
"""Pages of the tree, and what they are called in the site."""
ORIGINS = {uri: path for path, uri in ELSEWHERE.items()}
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#:\s]+)((?:#[^)]*)?)\)")
_FOREIGN = "https://unpkg.com/"
"""Where the theme would get what draws diagrams, which these pages have not, and what old browsers lack."""
_IMAGE = re.compile(r"(!\[[^\]]*\])\(([^):\s]+)\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Name the pages that the navigation does not have under More."""
    named = set(re.findall(r"[\w/.-]+\.md", str(config.nav)))
    docs = Path(config.docs_dir)
    more = sorted({str(path.relative_to(docs)) for path in docs.rglob("*.md")} - named)
    if more:
        assert config.nav is not None
        config.nav.append({"More": more})
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that live elsewhere, and the reference."""
    sys.path.insert(0, str(ROOT / "scripts"))  # MkDocs imports this file by its path
    from control_reference import write_reference

    for path, uri in ELSEWHERE.items():
        files.append(File.generated(config, uri, content=(ROOT / path).read_text(encoding="utf-8")))
    files.append(File.generated(config, "control-plane.md", content=write_reference()))
    return files


def on_page_markdown(markdown: str, page: Page, **given: Any) -> str:
    """Lead the links of a page to where their ends are in the site; what is not in it is no link."""
    uri = page.file.src_uri
    folder = posixpath.dirname(ORIGINS.get(uri, f"docs/{uri}"))

    def lead(found: re.Match[str]) -> str:
        target = _in_site(posixpath.normpath(posixpath.join(folder, found[2])))
        if target is None:
            return found[1]
        return f"[{found[1]}]({posixpath.relpath(target, posixpath.dirname(uri) or '.')}{found[3]})"

    def show(found: re.Match[str]) -> str:
        target = _in_site(posixpath.normpath(posixpath.join(folder, found[2])))
        return f"{found[1]}({target})"

    return _IMAGE.sub(show, _LINK.sub(lead, markdown))


def on_post_build(config: MkDocsConfig) -> None:
    """Leave nothing in the theme's own scripts that would be fetched from elsewhere."""
    site = Path(config.site_dir)
    for path in site.rglob("*.map"):
        path.unlink()
    for path in site.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        if _FOREIGN in text:
            path.write_text(text.replace(_FOREIGN, "./"), encoding="utf-8")


def _in_site(path: str) -> str | None:
    """Say what a file of the tree is called in the site, if it is there."""
    if path in ELSEWHERE:
        return ELSEWHERE[path]
    return path.removeprefix("docs/") if path.startswith("docs/") else None
