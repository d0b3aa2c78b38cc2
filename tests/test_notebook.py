"""examples/quickstart.ipynb: it runs in a real kernel, gives what is saved in it, and what is saved holds no secret."""

from __future__ import annotations

import copy
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

os.environ["JUPYTER_PLATFORM_DIRS"] = "1"  # else the import warns
import nbformat
from client import PATIENCE
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent / "examples/quickstart.ipynb"
SECRETS = """
import json, os
print(json.dumps([*sandbox.users, *sandbox.users.values(), *zuora.cookies.values(), sandbox.ca_file, os.getcwd()]))
"""
DIFFERS = (  # from one run to the next
    (r"127\.0\.0\.1:\d+", "HOST"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "REQUEST-ID"),
    (r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", "DATE"),
)


@pytest.fixture(scope="module")
def saved() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def ran(saved: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook as it is after a run, in a kernel whose home is empty, with one more cell that tells the secrets."""
    notebook = copy.deepcopy(saved)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    notebook.cells.insert(-1, nbformat.v4.new_code_cell(SECRETS))
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("IPYTHONDIR", str(home))
        NotebookClient(notebook, timeout=60 * PATIENCE, kernel_name="python3", record_timing=False).execute()
    return notebook


def outputs(notebook: Any) -> list[str]:
    """Each cell's outputs as text, without what differs from run to run."""
    found = [json.dumps(cell.get("outputs", []), sort_keys=True) for cell in notebook.cells]
    for pattern, name in DIFFERS:
        found = [re.sub(pattern, name, text) for text in found]
    return found


def test_saved_notebook_shows_what_a_run_gives(saved: Any, ran: Any) -> None:
    *before, _, last = outputs(ran)
    assert [*before, last] == outputs(saved)
    shown = "".join(before)
    assert "Logged in to Zuora" in shown
    assert "AuthenticationError" in shown
    assert "RateLimited" in shown
    assert "Example Product" in shown


def test_neither_a_run_nor_what_is_saved_holds_a_secret(saved: Any, ran: Any) -> None:
    telling = ran.cells[-2]
    secrets = json.loads(telling.outputs[0].text)
    assert len(secrets) == 9
    rest = [cell for cell in ran.cells if cell is not telling]
    texts = [json.dumps(rest), NOTEBOOK.read_text()]
    assert [secret for secret in secrets for text in texts if secret in text] == []


def test_saved_notebook_names_no_user_session_or_place() -> None:
    text = NOTEBOOK.read_text()
    assert set(re.findall(r"ZSession=([^'\"\\]*)", text)) == {"***"}
    assert not re.search(r"[\w.]+@[\w.]+", text)
    assert not re.search(r"(?<![\w/.:<])/(?!v1/)[a-z]+/\w", re.sub(r"</?[a-z]+[^>]*>", "", text))
    assert "sandbox-" not in text


def test_saved_notebook_carries_nothing_of_the_machine_it_ran_on(saved: Any) -> None:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert dict(saved.metadata) == {"kernelspec": kernel, "language_info": {"name": "python"}}
    assert all(dict(cell.metadata) == {} for cell in saved.cells)
