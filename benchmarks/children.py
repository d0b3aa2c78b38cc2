"""The commands of the children, which are the same for the bare C program and for us."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).resolve().parent


class Children(Protocol):
    def logins(self, n: int | str, base_url: str, store: Path) -> list[str]: ...

    def threads(self, n: int, seconds: float, base_url: str, store: Path) -> list[str]: ...

    def bare(self) -> list[str]: ...


@dataclass(frozen=True)
class CPrograms:
    """In `directory`, where builds.py put them."""

    directory: Path

    def logins(self, n: int | str, base_url: str, store: Path) -> list[str]:
        return [str(self.directory / "floor"), str(n), f"{base_url}/v1/connections", str(store)]

    def threads(self, n: int, seconds: float, base_url: str, store: Path) -> list[str]:
        url = f"{base_url}/v1/connections"
        return [str(self.directory / "floor_threads"), str(n), str(seconds), url, str(store)]

    def phases(self, n: int, base_url: str, store: Path) -> list[str]:
        return [str(self.directory / "phases"), str(n), f"{base_url}/v1/connections", str(store)]

    def bare(self) -> list[str]:
        return [str(self.directory / "bare")]


@dataclass(frozen=True)
class Python:
    """With an interpreter that finds zuora_connect."""

    executable: str

    def logins(self, n: int | str, base_url: str, store: Path) -> list[str]:
        return [self.executable, str(HERE / "client.py"), "logins", str(n), base_url, str(store)]

    def threads(self, n: int, seconds: float, base_url: str, store: Path, login: str = "zuora_connect") -> list[str]:
        """`login`: the module of logins/ that each thread uses."""
        script = str(HERE / "client_threads.py")
        return [self.executable, script, login, str(n), str(seconds), base_url, str(store)]

    def unchecked_logins(self, base_url: str, store: Path, directory: Path) -> list[str]:
        return [*self.logins("N", base_url, store), "unchecked", str(directory)]

    def bare(self) -> list[str]:
        return [self.executable, str(HERE / "client.py"), "bare"]

    def importing(self, module: str, first_on_path: Path) -> list[str]:
        return [self.executable, str(HERE / "client.py"), "import", module, str(first_on_path)]

    def script(self, text: str) -> list[str]:
        """The package is the one that is installed: `-P` keeps the sources out that may lie where this runs."""
        return [self.executable, "-P", "-c", text]
