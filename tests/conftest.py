"""Common to every run: the three kinds of tests never share a process, and big or outside material is found by name."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
KINDS_WITH_THEIR_OWN_PROCESS = ("unit", "qgis", "gui", "gate", "bench")

# The same examples in every run, and no deadline per example: a busy machine is no fault of the code. To search further:
# HYPOTHESIS_PROFILE=search make test-unit
hypothesis.settings.register_profile("house", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def kind_of(path: Path) -> str | None:
    """The folder directly under tests/ that `path` belongs to, or None outside of them."""
    parts = path.resolve().relative_to(REPOSITORY).parts if path.resolve().is_relative_to(REPOSITORY) else ()
    return parts[1] if len(parts) > 1 and parts[0] == "tests" and parts[1] in KINDS_WITH_THEIR_OWN_PROCESS else None


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):  # a worker of pytest-xdist: the controller has asked already
        return
    asked = [Path(config.invocation_params.dir, str(argument).split("::")[0]) for argument in config.args]
    kinds = {kind_of(path) for path in asked}
    if None in kinds or len(kinds) > 1:
        raise pytest.UsageError(
            "tests/unit forbids QGIS, tests/qgis and tests/gui need it: run one of these folders at a time "
            "(make test runs all of them, make test-unit, make test-qgis and make test-gui one each)"
        )


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real map data kept outside the repository; the test is skipped where it is absent."""
    for candidate in (os.environ.get("WEIPIAN_SHARED_DATA"), REPOSITORY.parent / "shared" / "data"):
        if candidate and Path(candidate).is_dir():
            return Path(candidate)
    pytest.skip("no folder ../shared/data beside the checkout (or in WEIPIAN_SHARED_DATA)")
