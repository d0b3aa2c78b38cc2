"""What was measured as Markdown, and what it was measured on."""

import datetime
import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from measure import Row, Summary
from server import output

import zuora_connect

HERE = Path(__file__).resolve().parent


@dataclass
class Report:
    """Rows, what they were measured on, and what else there is to say, as Markdown."""

    rows: Sequence[Row]
    about: Mapping[str, str]
    more: str = ""
    names: tuple[str, str] = ("C program or base", "zuora_connect")

    def publish(self, path: Path) -> None:
        """Prints it; writes it with the suffix .md, and with every sample as .json."""
        summaries = [row.summary() for row in self.rows]
        parts = [as_table(summaries, *self.names)] if summaries else []
        text = "\n".join([*parts, *([self.more] if self.more else []), as_list(self.about)])
        record = {"about": self.about, "rows": [asdict(each) for each in summaries]}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".md").write_text(text)
        path.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")
        print(text, end="")


def describe_machine() -> dict[str, str]:
    build = zuora_connect.build_info()
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "revision": revision(),
        "machine": f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, {platform.platform()}",
        "Python": platform.python_version(),
        **{name: str(build[name]) for name in ("package", "libcurl", "tls", "cjson")},
    }


def revision() -> str:
    try:
        return output("git", "describe", "--always", "--dirty", cwd=HERE)
    except (OSError, RuntimeError):
        return "unknown"


def as_table(summaries: Sequence[Summary], base: str, ours: str) -> str:
    lines = [
        f"| what | {base} | {ours} | median of the pairs | quartiles | goal | |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for each in summaries:
        unit = "us" if each.figure.endswith("_us") else "kB"
        form = "{:.3f} x" if each.compare == "ratio" else "{:+.0f} " + unit
        low, high = (form.format(value) for value in each.quartiles)
        goal = "" if each.goal is None else form.format(each.goal)
        verdict = "" if each.goal is None else "reached" if each.reached else "MISSED"
        lines.append(
            f"| {each.name} | {each.base:.1f} {unit} | {each.ours:.1f} {unit} | {form.format(each.median)} "
            f"| {low} to {high} | {goal} | {verdict} |"
        )
    return "\n".join(lines) + "\n"


def as_list(about: Mapping[str, str]) -> str:
    return "".join(f"- {name}: {value}\n" for name, value in about.items())
