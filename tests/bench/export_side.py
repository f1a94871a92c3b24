"""One side of :mod:`.bench_export`: packages of some parcels by the plugin of a checkout, on a thread beside a living main thread.

Run by its path, with the checkout first in the search path. Prints a line of JSON: seconds, processor time, the longest gap of the main thread.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_TICK_MILLISECONDS = 2


def main() -> None:
    arguments = argparse.ArgumentParser()
    for name in ("root", "folder", "out"):
        arguments.add_argument(name)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--count", type=int, default=10)
    given = arguments.parse_args()
    sys.path.insert(0, given.root)
    from qgis.core import QgsApplication

    application = QgsApplication([], True)
    application.initQgis()
    print(json.dumps(measure(given)))


def measure(given: argparse.Namespace) -> dict[str, float]:
    from qgis.PyQt.QtCore import QEventLoop, QTimer

    from tests.bench import bench_packages as bench
    from weipian_plugin.algorithms.map_pictures import map_maker
    from weipian_plugin.filing import PackageOptions, write_packages
    from weipian_plugin.model.records import LayerSource
    from weipian_plugin.office.files import sha256_of
    from weipian_plugin.toolbelt.settings import Settings

    folder, out = Path(given.folder), Path(given.out)
    bench.photos = lambda *unused: [(path, sha256_of(path)) for path in sorted((folder / "photos").glob("[0-9]*.jpg"))]
    everything = list(bench.parcels(folder, given.first + given.count, 4))
    layers = [
        LayerSource("imagery_before", str(folder / "before.tif")),
        LayerSource("imagery_after", str(folder / "after.tif")),
    ]
    took: dict[str, Any] = {}
    loop = QEventLoop()

    def work() -> None:
        try:
            with map_maker(layers, Settings()) as maps:
                list(write_packages(everything[:1], out / "warm", PackageOptions(), render_maps=maps.render))
                watch.clear()
                begun, used = time.perf_counter(), time.process_time()
                threads = {"at_once": maps.at_once} if hasattr(maps, "at_once") else {}  # not in the earlier one
                options = PackageOptions(**threads)
                written = write_packages(everything[given.first :], out, options, render_maps=maps.render)
                for record in written:
                    if not hasattr(record, "manifest_sha256"):
                        raise RuntimeError(str(record))
                took.update(seconds=time.perf_counter() - begun, processor=time.process_time() - used)
        finally:
            ended.set()

    watch: list[float] = []
    ended = threading.Event()
    timer = QTimer()
    timer.setInterval(_TICK_MILLISECONDS)
    timer.timeout.connect(lambda: (watch.append(time.perf_counter()), loop.quit() if ended.is_set() else None))
    timer.start()
    thread = threading.Thread(target=work)
    thread.start()
    loop.exec()
    thread.join()
    gaps = [later - earlier for earlier, later in zip(watch, watch[1:])]
    return {**took, "gap": max(gaps, default=0.0)}


if __name__ == "__main__":
    main()
