"""Ids and parameter names are a contract with scripts and saved models: frozen once released."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingParameterDefinition

from weipian_plugin.algorithms.provider import WeipianProvider

FROZEN = {
    "weipian:sample": ("FOLDER",),
    "weipian:check": ("CATALOGUE", "WORKSPACE", "REPORT", "COUNTY"),
    "weipian:intake": (
        "DELIVERY", "WORKSPACE", "REPORT", "ENCODING", "CRS", "UNIT", "FIELDS", "KIND", "CATALOGUE", "COUNTY", "REUSED"),
    "weipian:overlay": ("WORKSPACE", "CATALOGUE", "REPORT", "COUNTY"),
    "weipian:judge": ("WORKSPACE", "PROFILE", "REPORT", "COUNTY"),
    "weipian:photos": ("WORKSPACE", "PHOTOS", "REPORT", "COUNTY"),
    "weipian:file": ("WORKSPACE", "PACKAGES", "CATALOGUE", "PROFILE", "FILTER", "REPORT", "ARCHIVE", "COUNTY", "HISTORY", "JOBS"),
    "weipian:verify": ("PACKAGES", "WORKSPACE", "REPORT", "COUNTY"),
    "weipian:tables": ("WORKSPACE", "REPORT", "AS_OF", "RETURNED", "YEAR", "COUNTY", "FAMILY"),
    "weipian:run": (
        "DELIVERY", "CATALOGUE", "PHOTOS", "PROFILE", "WORKSPACE", "PACKAGES", "REPORT", "FILTER", "AS_OF",
        "YEAR", "ENCODING", "CRS", "UNIT", "FIELDS", "KIND", "COUNTY", "REUSED"),
    "weipian:problems": ("WORKSPACE", "PROBLEMS", "SOURCE", "COLUMNS", "AS_OF", "REPORT", "COUNTY"),
    "weipian:overviews": ("CATALOGUE", "PREVIEW"),
    "weipian:moveworkspace": ("WORKSPACE", "TARGET"),
    "weipian:teamroles": ("WORKSPACE", "MEMBERS", "PREVIEW"),
    "weipian:repair": ("WORKSPACE", "COPY", "FULL", "PREVIEW"),
    "weipian:change": ("WORKSPACE", "CATALOGUE", "FILTER", "REPORT", "COUNTY"),
    "weipian:fieldreturn": ("WORKSPACE", "FOLDER", "REPORT", "PREVIEW", "COUNTY"),
    "weipian:fieldpackage": ("WORKSPACE", "FOLDER", "CATALOGUE", "FILTER", "COUNTY"),
}  # fmt: skip


@pytest.fixture
def provider() -> WeipianProvider:
    provider = WeipianProvider()
    provider.refreshAlgorithms()
    return provider


def test_ids_and_parameters_are_the_frozen_ones(provider: WeipianProvider) -> None:
    found = {
        algorithm.id().split(":")[-1]: tuple(parameter.name() for parameter in algorithm.parameterDefinitions())
        for algorithm in provider.algorithms()
    }
    assert {f"weipian:{name}": parameters for name, parameters in found.items()} == FROZEN


def test_the_toolbox_lists_the_steps_in_the_order_of_the_work(provider: WeipianProvider) -> None:
    names = sorted(algorithm.displayName() for algorithm in provider.algorithms())
    titles = [name.split(" ", 1)[1] for name in names]
    steps = ["图斑入库", "套合分析", "照片挂接", "合法性判定建议", "导出卷宗", "校验卷宗", "台账与统计", "一键处理"]
    assert [title for title in titles if title in steps] == steps


def test_every_parameter_has_help_and_its_own_field_keeps_its_type(provider: WeipianProvider) -> None:
    """Buttons, lists and a calendar are how dialogs ask; what scripts and models give stays text, files and folders."""
    asked = {}
    for algorithm in provider.algorithms():
        for parameter in algorithm.parameterDefinitions():
            assert len(parameter.help()) > 8, (algorithm.name(), parameter.name())
            wrapper = parameter.metadata().get("widget_wrapper", {})
            asked[parameter.name()] = wrapper.get("ask", "")
            assert parameter.type() in ("string", "file", "boolean")
            for value, title in wrapper.get("choices", ()):
                assert title and (not value or parameter.checkValueIsAcceptable(value))
    assert (asked["DELIVERY"], asked["PHOTOS"], asked["PROFILE"]) == ("delivery", "folders", "rules")
    assert (asked["AS_OF"], asked["UNIT"], asked["CRS"]) == ("day", "choice", "crs")
    assert asked["WORKSPACE"] == "workspace" and asked["REPORT"] == ""


def test_every_algorithm_explains_itself_in_chinese(provider: WeipianProvider) -> None:
    for algorithm in provider.algorithms():
        assert any("一" <= letter <= "鿿" for letter in algorithm.displayName())
        assert len(algorithm.shortHelpString()) > 20
        assert not algorithm.icon().isNull()
        for parameter in algorithm.parameterDefinitions():
            optional = bool(parameter.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional)
            assert parameter.description()
            assert optional == (parameter.name() in algorithm.OPTIONAL)
