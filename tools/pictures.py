"""Runs examples/quickstart.ipynb, saves it with its outputs, and takes the pictures of docs/pictures from it.

Light and dark as JupyterLab shows it: nbconvert brings JupyterLab's own style sheets. In build/pictures, to look at:
the same on a bare page that follows the reader's preference, and docs/peers.svg. Needs Chromium, see `./dev pictures`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

os.environ["JUPYTER_PLATFORM_DIRS"] = "1"  # else the import warns
import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "examples/quickstart.ipynb"
PLOT = ROOT / "docs/peers.svg"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
]
BARE = "<!doctype html><meta name=color-scheme content='light dark'><body style='margin:16px'>{}"
FLAG_OF = {"light": "--blink-settings=preferredColorScheme=1", "dark": "--blink-settings=preferredColorScheme=0"}


def main() -> None:
    notebook = run()
    with tempfile.TemporaryDirectory() as scratch:
        for theme, flag in FLAG_OF.items():
            page, _ = HTMLExporter(theme=theme, exclude_input=True, exclude_output_prompt=True).from_notebook_node(
                only_cards(notebook)
            )
            photograph(page, Path(scratch), flag, ROOT / f"docs/pictures/card-{theme}.png", (680, 700))
            bare = BARE.format("<p>".join(cards(notebook)))
            photograph(bare, Path(scratch), flag, ROOT / f"build/pictures/card-{theme}.png", (660, 690))
            plot = BARE.format(f"<img src='{PLOT.as_uri()}'>")
            photograph(plot, Path(scratch), flag, ROOT / f"build/pictures/peers-{theme}.png", (720, 620))


def run() -> Any:
    """Run the notebook and save it, without what differs from one machine to the next."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, record_timing=False).execute()
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, NOTEBOOK)
    return notebook


def cards(notebook: Any) -> list[str]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", ())]


def only_cards(notebook: Any) -> Any:
    outputs = [{"output_type": "display_data", "data": {"text/html": card}, "metadata": {}} for card in cards(notebook)]
    cell: dict[str, Any] = {
        "cell_type": "code",
        "source": "",
        "execution_count": None,
        "metadata": {},
        "outputs": outputs,
    }
    return nbformat.from_dict(dict(notebook) | {"cells": [cell]})


def photograph(page: str, scratch: Path, flag: str, picture: Path, size: tuple[int, int]) -> None:
    source = scratch / "page.html"
    source.write_text(page)
    picture.parent.mkdir(parents=True, exist_ok=True)
    window, profile = "--window-size={},{}".format(*size), f"--user-data-dir={tempfile.mkdtemp(dir=scratch)}"
    command = [find_chromium(), *FLAGS, flag, window, profile, f"--screenshot={picture}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def find_chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise SystemExit("no Chromium was found: ./dev pictures installs it")


if __name__ == "__main__":
    main()
