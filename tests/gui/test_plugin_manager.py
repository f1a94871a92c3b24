"""The zip is installed by QGIS's own plugin manager, as a person does it; then the work of a day is done with it.

Runs alone, in a folder with the tests and without the checkout's package (scripts/test_manager.sh).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.gui.conftest import iface, until, wait

ZIP = os.environ.get("WEIPIAN_MANAGER", "")
pytestmark = pytest.mark.skipif(not ZIP, reason="only where scripts/test_manager.sh starts it")


def run(name: str, **parameters: Any) -> dict[str, Any]:
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    feedback = QgsProcessingFeedback()
    algorithm = QgsApplication.processingRegistry().algorithmById(f"weipian:{name}")
    texts = {key: str(value) for key, value in parameters.items()}
    results, ok = algorithm.create().run(texts, QgsProcessingContext(), feedback, {}, False)
    assert ok, feedback.textLog()
    return dict(results)


@pytest.mark.timeout(1500)
def test_the_plugin_manager_installs_the_zip_and_the_main_job_runs(tmp_path: Path) -> None:
    import pyplugin_installer
    import qgis.utils
    from qgis.core import QgsApplication

    assert "weipian_plugin" not in sys.modules
    installer = pyplugin_installer.instance()
    if installer is None:
        pyplugin_installer.initPluginInstaller()
        installer = pyplugin_installer.instance()
    installer.installFromZipFile(ZIP)
    wait(1.0)
    if "weipian_plugin" not in qgis.utils.active_plugins:  # newer versions ask before they start it
        assert qgis.utils.loadPlugin("weipian_plugin") and qgis.utils.startPlugin("weipian_plugin")
    import weipian_plugin

    own_plugins = (
        Path(QgsApplication.qgisSettingsDirPath()) / "python" / "plugins"
    )  # qgis.utils names it in some versions only
    assert Path(str(weipian_plugin.__file__)).resolve().is_relative_to(own_plugins.resolve())
    plugin = qgis.utils.plugins["weipian_plugin"]
    assert plugin.stopped_by == ()

    sample = run("sample", FOLDER=tmp_path / "示例县")
    results = tmp_path / "卫片 成果"
    done = run(
        "run", DELIVERY=sample["DELIVERY"], CATALOGUE=sample["CATALOGUE"], PHOTOS=sample["PHOTOS"], AS_OF="2023-08-20",
        WORKSPACE=results / "工作库.gpkg", PACKAGES=results / "卷宗", REPORT=results / "报表",
    )  # fmt: skip
    assert done["FAILED"] == 0 and done["PARCELS"] > 60 and done["WRITTEN"] > 60

    bench = plugin.workbench
    bench.open_workspace(results / "工作库.gpkg")
    until(lambda: bench.parts.session.rows and bench.parts.session.details, what="the queue is read")
    first = bench.parts.session.current
    bench.dock.next_parcel()
    until(lambda: bench.parts.session.current != first, what="the next parcel is on the card")
    bench.parts.close_workspace()
    assert qgis.utils.unloadPlugin("weipian_plugin")
    wait(0.5)
    assert not [child for child in iface.mainWindow().children() if child.objectName().startswith("Weipian")]
