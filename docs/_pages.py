"""Links that lead out of docs/, into the sources, are names of files on the site: it has nothing to link them to."""

import re
from pathlib import Path
from typing import Any

from sphinx.util import logging

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\[(?P<text>[^]]*)\]\((?P<target>(?:\.\./)+[^)#]*)(?:#[^)]*)?\)")
logger = logging.getLogger(__name__)


def setup(app: Any) -> dict[str, bool]:
    app.connect("source-read", name_files)
    return {"parallel_read_safe": True}


def name_files(app: Any, page: str, source: list[str]) -> None:
    folder = Path(app.srcdir, page).parent

    def name(link: re.Match[str]) -> str:
        path = (folder / link["target"]).resolve()
        if path.is_relative_to(app.srcdir):
            return link[0]
        if not path.exists():
            logger.warning("%s: no such file: %s", page, link["target"], type="myst", subtype="xref_missing")
        return link["text"] if path.is_relative_to(ROOT) else link[0]

    source[0] = LINK.sub(name, source[0])
