"""An algorithm of a step's command, as CONTRIBUTING.md describes it; and what a window hears of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from tests.unit.pipeline import small_county
from tests.unit.pipeline.test_steps import TOWNSHIP, CountParcels
from weipian_plugin.algorithms.run import WalkAlgorithm
from weipian_plugin.algorithms.step import StepAlgorithm
from weipian_plugin.gui.background import CollectingFeedback
from weipian_plugin.pipeline import parameters
from weipian_plugin.pipeline.propose import ProposeResult
from weipian_plugin.pipeline.steps import WalkResult
from weipian_plugin.workspace import Workspace


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, str]:
    return small_county.write(tmp_path / "县 一")


def execute(algorithm: Any, asked: dict[str, str], feedback: CollectingFeedback) -> tuple[dict[str, Any], bool]:
    return algorithm.create().run(asked, QgsProcessingContext(), feedback, {}, False)


def test_an_algorithm_is_a_declaration(qgis_app: Any, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**parameters.PARAMETERS, TOWNSHIP.name: TOWNSHIP}
    monkeypatch.setattr("weipian_plugin.algorithms.base.PARAMETERS", known)

    class Count(StepAlgorithm):
        COMMAND: ClassVar = CountParcels
        HELP = "数一数工作库中的图斑。"

    algorithm = Count().create()
    assert (algorithm.name(), algorithm.displayName()) == ("count", "图斑计数")
    definitions = algorithm.parameterDefinitions()
    assert [(one.name(), type(one)) for one in definitions] == [
        ("WORKSPACE", QgsProcessingParameterFile), ("TOWNSHIP", QgsProcessingParameterString),
    ]  # fmt: skip
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    assert [bool(one.flags() & optional) for one in definitions] == [False, True]
    assert [one.name() for one in algorithm.outputDefinitions()] == ["COUNTED"]
    results, ok = execute(WalkAlgorithm(), asked, CollectingFeedback())
    assert ok
    feedback = CollectingFeedback()
    results, ok = execute(Count(), asked, feedback)
    assert ok and results["COUNTED"] == 3
    assert feedback.record.named == small_county.NUMBERS


def test_a_run_is_journaled_under_the_name_that_signs(
    qgis_app: Any, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIPIAN_PERSON", "张三")
    _, ok = execute(WalkAlgorithm(), asked, CollectingFeedback())
    assert ok
    with Workspace.open(Path(asked["WORKSPACE"])) as store:
        assert {who for (who,) in store.values("journal", ("who",))} == {"张三"}


def test_a_window_hears_of_each_step_and_gets_the_records(qgis_app: Any, asked: dict[str, str]) -> None:
    feedback, begun = CollectingFeedback(), []
    feedback.step_begun.connect(begun.append)
    results, ok = execute(WalkAlgorithm(), asked, feedback)
    assert ok and results["JUDGED"] == 3
    assert begun == ["第 1 步，共 3 步：图斑入库", "第 2 步，共 3 步：套合分析", "第 3 步，共 3 步：合法性判定建议"]
    assert isinstance(feedback.record, WalkResult)
    assert feedback.record.results[-1] == ProposeResult(parcels=3, judged=3)


def test_a_bad_folder_of_photos_ends_the_run_before_anything_is_written(
    qgis_app: Any, asked: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match="找不到照片路径"):
        execute(WalkAlgorithm(), {**asked, "PHOTOS": str(tmp_path / "没有")}, CollectingFeedback())
    assert not Path(asked["WORKSPACE"]).exists()
