"""What scans share: made once a key, whole or not at all, failures passed on and forgotten."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from providers.aws.adapter.flights import Flights, Known


def test_all_that_come_at_once_share_one_flight() -> None:
    flights, made, gate = Flights(), [], threading.Barrier(8)

    def make() -> str:
        made.append(1)
        time.sleep(0.05)
        return "listed"

    def ask(_: int) -> str:
        gate.wait()
        return flights.of("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == ["listed"] * 8
    assert len(made) == 1
    assert flights.of("other", lambda: "another") == "another"


def test_a_failure_is_raised_for_all_and_kept_for_none() -> None:
    flights, answers = Flights(), iter([ValueError("throttled"), "listed"])

    def make() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    with pytest.raises(ValueError, match="throttled"):
        flights.of("key", make)
    assert flights.of("key", make) == "listed"
    assert flights.of("key", make) == "listed"


def test_known_keys_are_not_asked_again() -> None:
    known: Known = Known()
    asked: list[list[str]] = []

    def ask(keys: list[str]) -> dict[str, int | None]:
        asked.append(keys)
        return {key: 1 if key == "a" else None for key in keys}

    assert known.of(["a", "b"], ask) == {"a": 1, "b": None}
    assert known.of(["b", "c"], ask) == {"b": None, "c": None}
    assert asked == [["a", "b"], ["c"]]


def test_nothing_of_a_question_that_failed_is_kept() -> None:
    """Neither what it would have found, nor that it does not exist."""
    known: Known = Known()

    def refuse(keys: list[str]) -> dict[str, int | None]:
        raise ValueError("denied")

    with pytest.raises(ValueError, match="denied"):
        known.of(["a"], refuse)
    assert known.of(["a"], lambda keys: dict.fromkeys(keys, 7)) == {"a": 7}


def test_a_key_without_an_answer_is_left_out_and_asked_for_again() -> None:
    known: Known = Known()
    assert known.of(["a", "b"], lambda keys: {"a": 1}) == {"a": 1}
    assert known.of(["a", "b"], dict.fromkeys) == {"a": 1, "b": None}


def test_two_scans_never_see_half_of_an_answer() -> None:
    """The second waits until the first has its answer, and does not find its key missing meanwhile."""
    known: Known = Known()
    started = threading.Event()

    def slow(keys: list[str]) -> dict[str, int | None]:
        started.set()
        time.sleep(0.1)
        return dict.fromkeys(keys, 1)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(known.of, ["a"], slow)
        started.wait()
        second = pool.submit(known.of, ["a"], slow)
        assert first.result() == second.result() == {"a": 1}
