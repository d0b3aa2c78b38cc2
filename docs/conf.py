"""How Sphinx makes the site from these pages: `./dev docs`. Whatever it warns of fails the build."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import zuora_connect

project = "zuora_connect"
release = zuora_connect.__version__
project_copyright = "zuora_connect contributors, MIT licence"

extensions = ["myst_parser", "sphinx.ext.autodoc", "_pages", "_docstrings"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["pictures"]
default_role = "code"  # docstrings are written like these pages: `this` is code
nitpicky = True
# Python's own pages are not at hand offline; the sandbox's answers are told by name.
nitpick_ignore_regex = [("py:class", r"PathLike|collections\.abc\..*|zuora_connect\.sandbox\._answers\..*")]

myst_heading_anchors = 3

add_module_names = False

html_theme = "furo"
html_title = "zuora_connect"
html_copy_source = False
html_show_sphinx = False
