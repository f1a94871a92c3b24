"""How long intake takes for a delivery of 100,000 parcels against a bare read of the same file, and what memory it needs.

Goal: at most 1.5 times ``pyogrio.read_dataframe`` in the same run, peak memory at most 3 times the file.
Run: ``python tests/bench/bench_intake.py [parcels]``. Each measurement is a process of its own, in turns.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.report import table, write_section  # noqa: E402

PARCELS, VERTICES, FIELDS, ROUNDS = 100_000, 40, 30, 3
COUNTY = "500118"


def make_delivery(folder: Path, parcels: int) -> Path:
    """A shapefile as the ministry delivers it: degrees, GBK without .cpg, 30 fields, 40 vertices a parcel."""
    import geopandas
    import shapely

    generator = np.random.default_rng(3)
    columns = int(np.ceil(np.sqrt(parcels)))
    step = 0.6 / columns
    x = 105.55 + step * (np.arange(parcels) % columns + 0.5)
    y = 28.85 + step * (np.arange(parcels) // columns + 0.5)
    angle = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radius = step * 0.45 * (0.6 + 0.4 * generator.random((parcels, VERTICES)))
    rings = np.stack([x[:, None] + radius * np.cos(-angle), y[:, None] + radius * np.sin(-angle)], axis=2)
    rings = np.concatenate([rings, rings[:, :1]], axis=1)
    shapes = shapely.polygons(rings)
    area = shapely.area(shapes) * 1.08e10
    towns = np.array(["大安街道", "南大街街道", "朱沱镇", "来苏镇", "三教镇"], dtype=object)
    data: dict[str, object] = {
        "XZQDM": COUNTY, "XMC": "永川区", "XZMC": towns[np.arange(parcels) % 5],
        "JCBH": [f"{COUNTY}SJBG{23210000 + row:010d}" for row in range(parcels)],
        "TBLX": np.array(["建筑物", "推土区", "线性地物"], dtype=object)[np.arange(parcels) % 3],
        "QSX": "20220918", "HSX": "20230426", "DQJH": "渝西", "LZB": x, "BZB": y, "JCMJ": np.round(area * 0.0015, 2),
        "JCLB": np.array(["一级", "二级", "三级"], dtype=object)[np.arange(parcels) % 3], "FXFS": "卫星遥感", "XFSJ": "20230520",
        "BZ": "疑似新增建设用地",
    }  # fmt: skip
    for number in range(FIELDS - len(data)):
        data[f"F{number:02d}"] = "备用字段" if number % 2 else np.round(generator.random(parcels) * 100, 2)
    path = folder / "土地图斑.shp"
    frame = geopandas.GeoDataFrame(data, geometry=shapes, crs=4490)
    widths = {"str": "str:24", "object": "str:24"}
    schema = {
        "geometry": "Polygon",
        "properties": {name: ("float:15.4" if frame[name].dtype.kind == "f" else widths["str"]) for name in data},
    }
    frame.to_file(path, engine="fiona", schema=schema, encoding="GBK")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


_CHILD = {
    "bare": "import pyogrio\nwork = lambda: pyogrio.read_dataframe(PATH, encoding='GBK')",
    "intake": "from weipian_plugin import intake\nimport pathlib\nwork = lambda: intake.read_delivery(pathlib.Path(PATH))",
}
_TEMPLATE = """
import sys, time, gc, json
sys.path.insert(0, {root!r})
PATH = {path!r}
{setup}
import geopandas, shapely, pandas, numpy, yaml, pyproj
print('ready', flush=True); sys.stdin.readline()
start = time.perf_counter(); result = work(); seconds = time.perf_counter() - start
print(json.dumps(seconds), flush=True); sys.stdin.readline()
"""


def run(kind: str, path: Path) -> tuple[float, float]:
    """Seconds of one read in a fresh process, and how far its memory rose above that of the loaded libraries (MiB)."""
    code = _TEMPLATE.format(root=str(ROOT), path=str(path), setup=_CHILD[kind])
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("no pipes")
    child.stdout.readline()
    process = psutil.Process(child.pid)
    before = process.memory_info().rss - process.memory_info().shared
    peak, running = [before], [True]

    def watch() -> None:
        while running[0]:
            try:
                info = process.memory_info()
            except psutil.Error:
                return
            peak[0] = max(peak[0], info.rss - info.shared)
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    child.stdin.write("go\n")
    child.stdin.flush()
    seconds = float(json.loads(child.stdout.readline()))
    running[0] = False
    watcher.join()
    child.stdin.close()
    child.wait()
    return seconds, (peak[0] - before) / 2**20


def main() -> int:
    parcels = int(sys.argv[1]) if len(sys.argv) > 1 else PARCELS
    with tempfile.TemporaryDirectory() as folder:
        path = make_delivery(Path(folder), parcels)
        size = sum(part.stat().st_size for part in Path(folder).iterdir()) / 2**20
        found: dict[str, list[tuple[float, float]]] = {"bare": [], "intake": []}
        for _ in range(ROUNDS):
            for kind in found:
                found[kind].append(run(kind, path))
    seconds = {kind: statistics.median(one[0] for one in runs) for kind, runs in found.items()}
    memory = {kind: max(one[1] for one in runs) for kind, runs in found.items()}
    ratio, times = seconds["intake"] / seconds["bare"], memory["intake"] / size
    rows = [
        [
            "pyogrio.read_dataframe",
            f"{seconds['bare']:.2f}",
            "1.00",
            f"{memory['bare']:.0f}",
            f"{memory['bare'] / size:.2f}",
        ],
        ["intake.read_delivery", f"{seconds['intake']:.2f}", f"{ratio:.2f}", f"{memory['intake']:.0f}", f"{times:.2f}"],
    ]
    body = f"{parcels:,} parcels of {VERTICES} vertices, {FIELDS} fields, GBK without .cpg: {size:.0f} MiB on disk. Median of {ROUNDS} runs.\n\n"
    body += table(["", "seconds", "ratio", "peak MiB above the libraries", "× file"], rows)
    body += f"\n\nGoal: ratio at most 1.5 ({'met' if ratio <= 1.5 else 'missed'}), memory at most 3 × the file ({'met' if times <= 3 else 'missed'})."
    write_section("intake", "Intake", body) if parcels == PARCELS else sys.stdout.write(body + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
