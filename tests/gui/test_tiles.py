"""Imagery as MBTiles, XYZ and WMTS: chosen by the parcel's dates, shown at the right place; a server that is gone stops nobody."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from osgeo import gdal

from tests.gui.conftest import until, wait
from weipian_plugin.gui import services
from weipian_plugin.workspace import Workspace

PARCEL = "500118SJBG23210003"
DATES = {"before": "20220918", "after": "20230426"}
_CAPABILITIES = """<?xml version="1.0"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink"
 version="1.0.0"><Contents><Layer><ows:Title>imagery</ows:Title><ows:Identifier>imagery</ows:Identifier>
<ows:WGS84BoundingBox><ows:LowerCorner>-180 -85</ows:LowerCorner><ows:UpperCorner>180 85</ows:UpperCorner></ows:WGS84BoundingBox>
<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style><Format>image/png</Format>
<TileMatrixSetLink><TileMatrixSet>mercator</TileMatrixSet></TileMatrixSetLink>
<ResourceURL format="image/png" resourceType="tile" template="{top}/{{TileMatrix}}/{{TileCol}}/{{TileRow}}.png"/></Layer>
<TileMatrixSet><ows:Identifier>mercator</ows:Identifier><ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>{levels}</TileMatrixSet>
</Contents></Capabilities>"""
_LEVEL = """<TileMatrix><ows:Identifier>{z}</ows:Identifier><ScaleDenominator>{scale}</ScaleDenominator>
<TopLeftCorner>-20037508.342789 20037508.342789</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight>
<MatrixWidth>{count}</MatrixWidth><MatrixHeight>{count}</MatrixHeight></TileMatrix>"""
_COARSEST = 559082264.0287178  # scale denominator of level 0


@pytest.fixture(scope="session")
def tiles(county: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The county's two pictures as MBTiles with overviews."""
    folder = tmp_path_factory.mktemp("瓦片")
    made = {}
    for side, day in DATES.items():
        source = next((county["catalogue"].parent / "影像").glob(f"*{day}.tif"))
        made[side] = folder / f"影像_{day}.mbtiles"
        gdal.UseExceptions()
        pyramid = gdal.Translate(str(made[side]), str(source), format="MBTILES", creationOptions=["TILE_FORMAT=PNG"])
        pyramid.BuildOverviews("AVERAGE", [2, 4, 8])
        del pyramid
        gdal.DontUseExceptions()
    return made


@pytest.fixture
def server(tiles: dict[str, Path]) -> Iterator[str]:
    with serving(tiles) as running:
        yield address_of(running)


@contextmanager
def serving(tiles: dict[str, Path], delay: float = 0.0) -> Iterator[Any]:
    """Serves the tiles as XYZ (``/before/z/x/y.png``) and WMTS (``/before.xml``, described after ``delay`` seconds)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = re.match(r"/(before|after)(?:/(\d+)/(\d+)/(\d+)\.png|\.xml)", self.path)
            body, kind = b"", "image/png"
            if wanted and wanted[2]:
                z, x, y = (int(text) for text in wanted.groups()[1:])
                with sqlite3.connect(tiles[wanted[1]]) as pyramid:
                    row = pyramid.execute(
                        "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?",
                        (z, x, 2**z - 1 - y),
                    ).fetchone()
                body = row[0] if row else b""
            elif wanted:
                kind = "text/xml"
                self.server.described.append(self.path)  # type: ignore[attr-defined]
                time.sleep(self.server.delay)  # type: ignore[attr-defined]
                low, high = levels(tiles[wanted[1]])
                matrices = "".join(_LEVEL.format(z=z, scale=_COARSEST / 2**z, count=2**z) for z in range(low, high + 1))
                body = _CAPABILITIES.format(top=f"http://{self.headers['Host']}/{wanted[1]}", levels=matrices).encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *unused: Any) -> None:
            """Quiet."""

    running: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.described, running.delay = [], delay
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()


def address_of(running: Any) -> str:
    return f"http://127.0.0.1:{running.server_port}"


def levels(pyramid: Path) -> tuple[int, int]:
    with sqlite3.connect(pyramid) as opened:
        found: tuple[int, int] = opened.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
    return found


def address(kind: str, side: str, tiles: dict[str, Path], server: str) -> str:
    low, high = levels(tiles[side])
    if kind == "mbtiles":
        return str(tiles[side])
    if kind == "xyz":
        return f"type=xyz&url={server}/{side}/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmin={low}&zmax={high}"
    return (
        f"crs=EPSG:3857&format=image/png&layers=imagery&styles=default&tileMatrixSet=mercator&url={server}/{side}.xml"
    )


def use(bench: Any, workspace: Path, folder: Path, sources: dict[str, str]) -> None:
    """The workspace's catalogue names ``sources`` as imagery (beside an older picture that must not be taken)."""
    day = {side: f"{text[:4]}-{text[4:6]}-{text[6:]}" for side, text in DATES.items()}
    layers = [
        {"role": f"imagery_{side}", "source": source, "title": f"在线影像 {day[side]}"}
        for side, source in sources.items()
    ]
    layers.insert(
        0,
        {"role": "imagery_before", "source": "type=xyz&url=http://127.0.0.1:9/none.png", "title": "旧影像 2019-01-01"},
    )
    catalogue = folder / "图层清单.yaml"
    catalogue.write_text(yaml.safe_dump({"version": 1, "layers": layers}, allow_unicode=True), encoding="utf-8")
    with Workspace.open(workspace) as store:
        store.set_setting("catalogue", str(catalogue), "张三", "影像")


def shown(bench: Any) -> list[tuple[int, int, int]]:
    """Colours at some places of both pictures."""
    found = []
    for side in (bench.parts.compare.item.before, bench.parts.compare.item.after):
        image = side.pixmap.toImage()
        found += [
            image.pixelColor(int(image.width() * x), int(image.height() * y)).getRgb()[:3]
            for x in (0.2, 0.35, 0.5, 0.65, 0.8) for y in (0.3, 0.5, 0.7)
        ]  # fmt: skip
    return found


def compare(bench: Any) -> None:
    bench.actions["compare_swipe"].trigger()
    until(
        lambda: bench.parts.compare.mode == "swipe" and not bench.parts.compare.rendering, 30, "both dates are rendered"
    )


@pytest.mark.parametrize("kind", ["mbtiles", "xyz", "wmts"])
def test_tiles_are_chosen_by_date_and_shown_where_the_picture_is(
    bench: Any, workspace: Path, tiles: dict[str, Path], server: str, tmp_path: Path, kind: str
) -> None:
    bench.parts.session.select(PARCEL)
    bench.parts.zoom()
    wait(0.8)
    compare(bench)
    pictures = shown(bench)
    bench.parts.compare.leave()
    use(bench, workspace, tmp_path, {side: address(kind, side, tiles, server) for side in DATES})
    compare(bench)
    item = bench.parts.compare.item
    assert "2022-09-18" in item.before.label and "2023-04-26" in item.after.label
    assert "在线影像" in item.before.label, "named as the catalogue names it"
    apart = [max(abs(a - b) for a, b in zip(one, other)) for one, other in zip(pictures, shown(bench))]
    assert sorted(apart)[len(apart) // 2] < 25, apart  # resampled twice, and edges move by a pixel
    bench.parts.compare.leave()


def test_a_tile_server_that_is_gone_stops_nobody(bench: Any, workspace: Path, tmp_path: Path) -> None:
    bench.parts.session.select(PARCEL)
    bench.parts.zoom()
    wait(0.8)
    gone = "type=xyz&url=http://127.0.0.1:9/{}/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmax=18"
    use(bench, workspace, tmp_path, {side: gone.format(side) for side in DATES})
    began = time.monotonic()
    bench.actions["compare_swipe"].trigger()
    assert time.monotonic() - began < 1, "the window is free at once"
    assert bench.parts.compare.mode == "swipe"
    until(lambda: not bench.parts.compare.rendering, 30, "the tiles have failed")
    assert "没有影像" in bench.parts.compare.item.before.caption
    bench.parts.session.select(next(number for number in bench.parts.session.rows if number != PARCEL))
    wait(0.5)
    bench.parts.compare.leave()
    assert bench.parts.compare.mode == ""


def test_a_slow_service_does_not_hold_the_window(
    bench: Any, workspace: Path, tiles: dict[str, Path], tmp_path: Path
) -> None:
    bench.parts.session.select(PARCEL)
    bench.parts.zoom()
    with serving(tiles, delay=2.0) as running:
        use(bench, workspace, tmp_path, {side: address("wmts", side, tiles, address_of(running)) for side in DATES})
        began = time.monotonic()
        bench.actions["compare_swipe"].trigger()
        assert time.monotonic() - began < 5, "the window is free while the server thinks"
        assert bench.parts.compare.mode == "" and "正在连接" in bench.notifier.last[1]
        began, longest = time.monotonic(), 0.0
        while bench.parts.compare.mode != "swipe" and time.monotonic() - began < 20:
            step = time.monotonic()
            wait(0.02)
            longest = max(longest, time.monotonic() - step)
        assert bench.parts.compare.mode == "swipe", "it starts by itself once both services have answered"
        assert longest < 10, "QGIS finds the description in its cache"
        assert running.described and set(running.described) == {
            f"/{side}.xml?SERVICE=WMS&REQUEST=GetCapabilities" for side in DATES
        }, "we ask where QGIS asks"
        until(lambda: not bench.parts.compare.rendering, 30, "both dates are rendered")
        assert "没有影像" not in bench.parts.compare.item.before.caption
        bench.parts.compare.leave()


def test_a_silent_service_is_named_and_asked_again(
    bench: Any, workspace: Path, tiles: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_PATIENCE_MILLISECONDS", 600)
    bench.parts.session.select(PARCEL)
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes the connection and never answers
        gone = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        use(bench, workspace, tmp_path, {side: address("wmts", side, tiles, gone) for side in DATES})
        for _ in range(2):
            began = time.monotonic()
            bench.actions["compare_swipe"].trigger()
            assert time.monotonic() - began < 5
            until(lambda: "没有应答" in bench.notifier.last[1], 40, "the service is named")
            assert "在线影像" in bench.notifier.last[1] and bench.parts.compare.mode == ""
            bench.notifier.last = ("", "")


def test_imagery_that_cannot_be_opened_is_named(
    bench: Any, workspace: Path, tmp_path: Path, tiles: dict[str, Path]
) -> None:
    broken = tmp_path / "坏影像_20220918.mbtiles"
    broken.write_bytes(b"no tiles")
    shutil.copy(tiles["after"], tmp_path / "影像_20230426.mbtiles")
    bench.parts.session.select(PARCEL)
    use(bench, workspace, tmp_path, {"before": str(broken), "after": str(tmp_path / "影像_20230426.mbtiles")})
    bench.actions["compare_swipe"].trigger()
    assert bench.parts.compare.mode == ""
    level, text = bench.notifier.last
    assert level == "warning" and "坏影像_20220918" in text
