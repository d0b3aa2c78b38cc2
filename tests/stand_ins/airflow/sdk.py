"""The names of airflow.sdk that docs/how-to/airflow.md uses; tasks run where they are called, one after the other."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Connection:
    login: str
    password: str

    @classmethod
    def get(cls, conn_id: str) -> "Connection":
        assert conn_id == "zuora"
        return cls(os.environ["ZUORA_USERNAME"], os.environ["ZUORA_PASSWORD"])


def task(function: Callable[P, R]) -> Callable[P, R]:
    return function


def dag(*, schedule: str, catchup: bool) -> Callable[[Callable[P, R]], Callable[P, R]]:
    return lambda function: function
