"""The layer catalogue: addresses of services are taken as they are written."""

from __future__ import annotations

from pathlib import Path

from weipian_plugin.formats.catalogue import read_catalogue


def test_a_tile_service_is_taken_as_it_is_written(tmp_path: Path) -> None:
    address = "type=xyz&url=http://127.0.0.1:8080/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmax=18"
    catalogue = tmp_path / "图层清单.yaml"
    catalogue.write_text(f'version: 1\nlayers:\n  - role: imagery_after\n    source: "{address}"\n', encoding="utf-8")
    assert [layer.source for layer in read_catalogue(catalogue)] == [address]
