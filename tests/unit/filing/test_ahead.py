"""A few things at once, handed on in their order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from weipian_plugin.filing.ahead import in_order


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_the_order_stays_whatever_ends_first(at_once: int) -> None:
    def work(number: int) -> int:
        time.sleep(0.02 if number % 2 else 0.0)
        return number * number

    assert [(number, made()) for number, made in in_order(work, range(8), at_once)] == [(n, n * n) for n in range(8)]


@pytest.mark.parametrize("at_once", [1, 2])
def test_what_fails_is_raised_where_its_turn_is_and_the_rest_goes_on(at_once: int) -> None:
    def work(number: int) -> int:
        if number == 1:
            raise ValueError("第二个")
        return number

    found: list[object] = []
    for number, made in in_order(work, range(4), at_once):
        try:
            found.append(made())
        except ValueError as error:
            found.append((number, str(error)))
    assert found == [0, (1, "第二个"), 2, 3]


def test_things_are_taken_on_the_callers_thread_and_not_far_ahead() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(20):
            assert threading.current_thread() is threading.main_thread()
            taken.append(number)
            yield number

    for number, made in in_order(lambda number: number, things(), 2):
        made()
        assert len(taken) <= number + 3


def test_the_first_is_finished_before_others_begin_and_those_work_side_by_side() -> None:
    together, most = [], []

    def work(number: int) -> int:
        together.append(number)
        most.append(len(together))
        if number:
            both.wait(timeout=20)
        together.remove(number)
        return number

    both = threading.Barrier(2)
    assert [made() for _, made in in_order(work, range(5), 2)] == list(range(5))
    assert most[0] == 1 and max(most) == 2


def test_a_caller_that_stops_leaves_no_work_behind() -> None:
    running: list[int] = []

    def work(number: int) -> None:
        running.append(number)
        time.sleep(0.05)
        running.remove(number)

    for _, made in in_order(work, range(50), 2):
        made()
        break
    assert running == []
