"""Indexes of sources, kept from run to run: built on first use, used while the source is the same, deletable at any time.

A folder per source holds ``index.json`` (what was indexed: size and time of every file, and the SHA-256 of all of them) and
a generation folder with the boxes in Morton order, the record positions, for anything but a shapefile the packed copy, and what runs
have learnt of the features: which are valid, their texts, their documents.
Size and time of the files are the quick test; if they changed, the SHA-256 decides whether the content did.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Optional

import numpy as np

from ..formats import dbf, shapefile
from ..formats.catalogue import is_remote
from ..formats.readers import fingerprint
from ..formats.shapefile_set import parts_of
from ..model.records import LayerSource
from ..model.secrets import masked
from . import learnt
from .frames import Frame
from .stores import PackedContent, ShapefileContent, Store

_FORMAT = 8  # of the files below; another number means: build again
_INDEX = "index.json"
_LEARNT = "learnt.npz"  # grows from run to run, so its size says nothing


@dataclass(frozen=True)
class Stamp:
    """What a source looked like from outside: name, size and time of its files."""

    files: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, source: str) -> Optional[Stamp]:
        """None for databases and other sources without files."""
        path = Path(source)
        if is_remote(source) or not path.exists():
            return None
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix != ".lock")
        elif path.suffix.lower() == ".shp":
            files = sorted(parts_of(path).values())
        else:
            files = [path]
        seen = []
        for file in files:
            status = file.stat()
            seen.append((file.name, status.st_size, status.st_mtime_ns))
        return cls(tuple(seen))


def size(folder: Path) -> int:
    """Bytes that all indexes take."""
    if not folder.is_dir():
        return 0
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def clear(folder: Path) -> int:
    """Delete all indexes and say how many bytes that freed; the next run builds what it needs. Files in use stay."""
    before = size(folder)
    if folder.is_dir():
        for entry in folder.iterdir():
            if (entry / _INDEX).exists() or entry.name.startswith("build-"):
                shutil.rmtree(entry, ignore_errors=True)
    return before - size(folder)


def key_of(source: LayerSource) -> str:
    """Name of a source's folder: the same source read in another way is another entry."""
    text = json.dumps(
        [source.source, source.layer, source.encoding, source.crs, sorted(source.fields.items()), source.role],
        ensure_ascii=False,
    )
    return f"{Path(source.source).stem[:40]}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def load(folder: Path, source: LayerSource) -> Optional[tuple[Store, str]]:
    """The kept index of a source and the SHA-256 it stands for; None if there is none or the source changed."""
    place = folder / key_of(source)
    stamp = Stamp.of(source.source)
    try:
        meta = json.loads((place / _INDEX).read_text(encoding="utf-8"))
        if stamp is None or meta["format"] != _FORMAT:
            return None
        if _plain(stamp) != meta["files"]:
            if [entry[:2] for entry in _plain(stamp)] != [entry[:2] for entry in meta["files"]]:
                return None
            if fingerprint(source.source) != meta["sha256"]:
                return None
            _write_meta(place, {**meta, "files": _plain(stamp)})
        return _load(place / meta["generation"], meta, source), str(meta["sha256"])
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None  # a damaged index is no index


def known_sha256(folder: Path, source: LayerSource) -> Optional[str]:
    """The SHA-256 of a source whose files have the size and time of the kept index; None where that says nothing."""
    try:
        meta = json.loads((folder / key_of(source) / _INDEX).read_text(encoding="utf-8"))
        stamp = Stamp.of(source.source)
        return str(meta["sha256"]) if stamp is not None and _plain(stamp) == meta["files"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(folder: Path, store: Store, stamp: Stamp, sha256: str) -> None:
    """Keep an index. Raises OSError where the folder cannot be written."""
    place = folder / key_of(store.source)
    place.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix="build-", dir=place))
    for name, values in (
        ("boxes", store.boxes),
        ("blocks", store.blocks),
        ("features", store.features),
        ("checked", store.checked),
        ("shapeless", store.shapeless),
    ):
        np.save(building / f"{name}.npy", values)
    meta: dict[str, Any] = {
        "format": _FORMAT,
        "files": _plain(stamp),
        "sha256": sha256,
        "source": masked(store.source.source),
        "frame": asdict(store.frame),
        "keys": sorted(store.keys),
        "count": store.count,
    }
    content = store.content
    if isinstance(content, ShapefileContent):
        meta["shapefile"] = _save_shapefile(building, content)
    elif isinstance(content, PackedContent):
        _save_packed(building, content)
    meta["sizes"] = {file.name: file.stat().st_size for file in sorted(building.iterdir())}
    (building / _LEARNT).write_bytes(learnt.dump(store.learnt))
    generation = f"g-{sha256[:16]}-{time.time_ns():x}"
    building.rename(place / generation)
    _write_meta(place, {**meta, "generation": generation})
    for old in place.iterdir():
        if old.is_dir() and old.name != generation:
            shutil.rmtree(old, ignore_errors=True)


def save_learnt(folder: Path, store: Store) -> None:
    """Keep what was learnt about features (validity, texts, documents), so that later runs need not test and read them again."""
    place = folder / key_of(store.source)
    meta = json.loads((place / _INDEX).read_text(encoding="utf-8"))
    generation = place / meta["generation"]
    checked = io.BytesIO()
    np.save(checked, store.checked)
    _put(place, generation / "checked.npy", checked.getvalue())
    if store.learnt.grown:
        _put(place, generation / _LEARNT, learnt.dump(store.learnt))


def _put(aside: Path, target: Path, content: bytes) -> None:
    """Write a file in the folder ``aside`` and rename it over its target: whoever opens the index meanwhile sees no file too many."""
    with tempfile.NamedTemporaryFile(dir=aside, prefix="build-", delete=False) as stream:
        stream.write(content)
    Path(stream.name).replace(target)


def _plain(stamp: Stamp) -> list[list[Any]]:
    return [list(entry) for entry in stamp.files]


def _write_meta(place: Path, meta: Mapping[str, object]) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=place, suffix=".json", delete=False, encoding="utf-8", newline="\n"
    ) as stream:
        json.dump(meta, stream, ensure_ascii=False)
    Path(stream.name).replace(place / _INDEX)


def _save_shapefile(place: Path, content: ShapefileContent) -> dict[str, object]:
    shapes, table = content.shapes, content.table
    np.save(place / "offsets.npy", shapes.offsets)
    np.save(place / "kinds.npy", shapes.kinds)
    return {
        "shp": str(shapes.path),
        "dbf": str(table.path),
        "family": shapes.family,
        "encoding": content.encoding,
        "records": [table.begin, table.count, table.length],
        "fields": {key: [f.kind, f.start, f.width, f.decimals] for key, f in content.fields.items()},
    }


def _save_packed(place: Path, content: PackedContent) -> None:
    content.wkb.tofile(place / "wkb.bin")
    np.save(place / "offsets.npy", content.offsets)
    for key, (codes, values) in content.columns.items():
        np.save(place / f"codes-{key}.npy", codes)
        (place / f"values-{key}.json").write_text(json.dumps(values.tolist(), ensure_ascii=False), encoding="utf-8")


def _load(place: Path, meta: Mapping[str, Any], source: LayerSource) -> Store:
    found = {file.name: file.stat().st_size for file in sorted(place.iterdir()) if file.name != _LEARNT}
    if found != meta["sizes"]:
        raise ValueError("an index file was cut or is missing")

    def array(name: str) -> Any:
        return np.load(place / f"{name}.npy", mmap_mode="r")

    features = array("features")
    content: Any
    if "shapefile" in meta:
        content = _load_shapefile(array, meta["shapefile"], features)
    else:
        columns = {
            key: (
                array(f"codes-{key}"),
                np.array(json.loads((place / f"values-{key}.json").read_text(encoding="utf-8")) or [""], object),
            )
            for key in meta["keys"]
        }
        content = PackedContent(np.memmap(place / "wkb.bin", np.uint8, "r"), array("offsets"), columns)
    return Store(
        source,
        Frame(**meta["frame"]),
        array("boxes"),
        array("blocks"),
        features,
        content,
        frozenset(meta["keys"]),
        np.load(place / "checked.npy"),
        array("shapeless"),
        learnt.load(place / _LEARNT, int(meta["count"])),
    )


def _load_shapefile(array: Any, meta: Mapping[str, Any], features: Any) -> ShapefileContent:
    shapes = shapefile.Shapefile(
        Path(meta["shp"]), array("offsets"), np.zeros(0, np.int64), array("kinds"), int(meta["family"]), {}
    )
    fields = {
        key: dbf.DbfField(b"", kind, start, width, decimals)
        for key, (kind, start, width, decimals) in meta["fields"].items()
    }
    begin, count, length = meta["records"]
    table = dbf.DbfTable(Path(meta["dbf"]), tuple(fields.values()), begin, count, length, 0)
    return ShapefileContent(shapes, table, meta["encoding"], fields, features)
