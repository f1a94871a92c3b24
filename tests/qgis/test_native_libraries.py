"""In the program qgis_process, which is linked with QGIS's GDAL and PROJ, the Python packages keep using their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from scripts.house import qgis_environment, qgis_process_program, write_profile

QUESTION = """
import json, tempfile
from pathlib import Path
import geopandas, lxml.etree, PIL.features, pyogrio, pyproj, shapely
answer = {
    "pyogrio": pyogrio.__gdal_version_string__,
    "pyproj": pyproj.proj_version_str,
    "shapely": shapely.buffer(shapely.Point(0, 0), 1).wkt[:60],
    "lxml": list(lxml.etree.LIBXML_VERSION),
    "transformed": pyproj.Transformer.from_crs(4490, 4523, always_xy=True).transform(105.9, 29.3),
}
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "a.shp")
    geopandas.GeoDataFrame({"XMC": ["永川区"]}, geometry=[shapely.Point(105, 29)], crs=4490).to_file(file, engine="pyogrio", encoding="gbk")
    answer["read"] = geopandas.read_file(file, engine="pyogrio", encoding="gbk").XMC[0]
"""

PROBE = """
def classFactory(iface):
    return Probe()

class Probe:
    def initProcessing(self):
        import importlib.util
        spec = importlib.util.spec_from_file_location("native", {native!r})
        native = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(native)
        native.keep_native_libraries_apart()
        names = {{}}
        exec({question!r}, names)
        Path = names["Path"]
        Path({answer!r}).write_text(json_of(names["answer"]), encoding="utf-8")

    def initGui(self):
        self.initProcessing()

    def unload(self):
        pass

def json_of(value):
    import json
    return json.dumps(value)
"""


def test_the_packages_keep_their_own_gdal_proj_and_geos_inside_qgis_process(repository: Path, tmp_path: Path) -> None:
    plugin, answer = tmp_path / "plugins" / "probe", tmp_path / "answer.json"
    plugin.mkdir(parents=True)
    (native,) = (repository / "weipian_plugin").rglob("native.py")
    source = PROBE.format(native=str(native), question=QUESTION, answer=str(answer))
    (plugin / "__init__.py").write_text(source, encoding="utf-8")
    (plugin / "metadata.txt").write_text(
        "[general]\nname=probe\nqgisMinimumVersion=3.0\ndescription=x\nversion=1\nhasProcessingProvider=yes\n",
        encoding="utf-8",
    )
    profile = tmp_path / "profile"
    write_profile(profile, plugin="probe")

    environment = qgis_environment(tmp_path / "plugins", profile)
    done = subprocess.run(
        [qgis_process_program(), "list"], env=environment, capture_output=True, text=True, timeout=120
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert answer.exists(), done.stderr[-2000:]

    plain = subprocess.run(
        [sys.executable, "-c", QUESTION + "\nprint(json.dumps(answer))"],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert json.loads(answer.read_text(encoding="utf-8")) == json.loads(plain.stdout)
