"""argparse, with care for what it prints: a value in the wrong place may be a password, and output may be lost."""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import suppress

from zuora_connect._command_line.output import USAGE, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import NoReturn

    from _typeshed import SupportsWrite

_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")


class Parser(argparse.ArgumentParser):
    """Its commands are parsers of this class, too; `names` are theirs."""

    names: Collection[str] = ()

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """argparse's own passes over a standard output that is full, and goes to standard error if it is closed."""
        if file is None:
            show(self.format_help().rstrip())
        else:
            super().print_help(file)

    def error(self, message: str) -> NoReturn:
        """Whatever argparse quotes is not shown, unless it is the name of a command."""
        known = {repr(name) for name in self.names}
        said = _QUOTED.sub(lambda found: found[0] if found[0] in known else "***", message)
        with suppress(OSError):
            print(f"{self.format_usage()}{self.prog}: error: {said}", file=sys.stderr)
        sys.exit(USAGE)
