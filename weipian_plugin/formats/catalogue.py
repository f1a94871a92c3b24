"""The layer catalogue (图层清单): which file holds which role, checked before anything runs.

YAML as in the design: ``version``, then ``layers`` with ``role``, ``source`` (relative to the catalogue's folder or a
GDAL / PostGIS source), and optionally ``layer``, ``encoding``, ``crs``, ``title`` and ``fields``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..model import yaml_files
from ..model.errors import WeipianError
from ..model.paths import resource
from ..model.records import LayerSource
from .names import best_column, plain
from .systems import parse_crs

FIELD_KEYS = (
    "document", "date", "until", "authority", "project", "use", "area", "class", "ridge", "village_attribute", "year",
    "number", "name", "unit", "status", "kind",
)  # fmt: skip
_ENTRY_KEYS = {"role", "source", "layer", "encoding", "crs", "fields", "title"}
_REMOTE = (
    "pg:", "postgresql://", "postgres://", "/vsi", "http://", "https://", "mssql:", "oci:", "mysql:", "odbc:", "sde:", "wfs:",
)  # fmt: skip
#: How QGIS writes the address of a tile or map service (XYZ, WMTS, WMS).
_SERVICE = ("type=xyz", "url=", "contextualWMSLegend=", "crs=")


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Mapping[str, Any]]:
    """Roles with their titles, field keys and usual source names (``resources/roles.yaml``)."""
    with resource("roles.yaml").open(encoding="utf-8") as stream:
        known: Mapping[str, Mapping[str, Any]] = yaml_files.load(stream)["roles"]
    return known


@lru_cache(maxsize=1)
def _role_names() -> Mapping[str, str]:
    """Every way to write a role, made comparable → its code: the code, the Chinese title, and the short names people use."""
    names: dict[str, str] = {}
    for code, data in roles().items():
        for name in (code, data["title"], *data.get("also", ())):
            names.setdefault(plain(str(name)), code)
    return names


def role_of(text: str) -> str | None:
    """The code of a role written as code, Chinese title or short name (农转用); None for anything else."""
    return _role_names().get(plain(text))


def read_catalogue(path: Path) -> tuple[LayerSource, ...]:
    """The layers of a catalogue, in its order.

    Raises ``intake.catalogue_unreadable``, ``intake.catalogue_shape``, ``intake.catalogue_role``,
    ``intake.catalogue_field`` and ``intake.catalogue_source``, each with the number of the layer and the line.
    """
    path = Path(path)
    try:
        text = yaml_files.text_of(path.read_bytes())
        tree, data = yaml_files.compose(text), yaml_files.load(text)
    except yaml_files.YamlError as error:
        raise WeipianError("intake.catalogue_unreadable", path=str(path), reason=error) from error
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=f"errno {error.errno}") from error
    if not isinstance(data, Mapping) or data.get("version") != 1 or not isinstance(data.get("layers"), list):
        raise WeipianError("intake.catalogue_shape", path=str(path), number=0, line=1, problem="version: 1 / layers:")
    lines = _lines(tree)
    return tuple(_entry(entry, path, number, lines[number - 1]) for number, entry in enumerate(data["layers"], start=1))


def _lines(tree: Any) -> list[int]:
    """Line of each entry under ``layers``."""
    for key, value in tree.value:
        if key.value == "layers":
            return [node.start_mark.line + 1 for node in value.value]
    return []


def _entry(entry: Any, path: Path, number: int, line: int) -> LayerSource:
    where: dict[str, Any] = {"path": str(path), "number": number, "line": line}
    if not isinstance(entry, Mapping):
        raise WeipianError("intake.catalogue_shape", **where, problem=str(entry)[:60])
    unknown = set(entry) - _ENTRY_KEYS
    if unknown or not isinstance(entry.get("source"), str) or not entry["source"].strip():
        raise WeipianError("intake.catalogue_shape", **where, problem="、".join(sorted(map(str, unknown))) or "source")
    role = role_of(str(entry.get("role")))
    if role is None:
        known = "、".join(f"{code}（{data['title']}）" for code, data in roles().items())
        raise WeipianError("intake.catalogue_role", **where, role=str(entry.get("role")), roles=known)
    fields = entry.get("fields") or {}
    if not isinstance(fields, Mapping):
        raise WeipianError("intake.catalogue_shape", **where, problem="fields")
    for key, column in fields.items():
        if key not in FIELD_KEYS or not isinstance(column, str):
            raise WeipianError(
                "intake.catalogue_field", **where, role=role, field=str(key), fields="、".join(FIELD_KEYS)
            )
    source, layer = _source(entry["source"].strip(), path, where)
    crs = _optional_text(entry.get("crs"))
    if crs is not None:
        try:
            parse_crs(crs)
        except WeipianError as error:
            raise WeipianError("intake.catalogue_crs", **where, crs=crs[:80]) from error
    return LayerSource(
        role=role,
        source=source,
        layer=_optional_text(entry.get("layer")) or layer,
        encoding=_optional_text(entry.get("encoding")),
        crs=crs,
        fields=dict(fields),
        title=str(entry.get("title") or roles()[role]["title"]),
    )


def _optional_text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def is_remote(source: str) -> bool:
    """Whether a source is a database or driver string and not a path."""
    return source.lower().startswith(_REMOTE) or is_service(source)


def is_service(source: str) -> bool:
    """Whether a source is a tile or map service, which QGIS opens with its ``wms`` provider."""
    return source.startswith(_SERVICE)


#: Containers of layers that people write as folders: ``x.gdb/layer``.
_CONTAINERS = (".gdb", ".gpkg", ".sqlite", ".mdb")


def _source(source: str, path: Path, where: Mapping[str, Any]) -> tuple[str, str | None]:
    """The source as it is opened, and the layer that it names in the manner of QGIS (``|layername=``) or of ArcGIS (``x.gdb/layer``)."""
    if is_remote(source):
        return source, None
    plain_source, layer = _without_layer(source, where)
    file = Path(plain_source.replace("\\", "/"))
    file = file if file.is_absolute() else path.parent / file
    if not file.exists():
        container = next(
            (parent for parent in file.parents if parent.suffix.lower() in _CONTAINERS and parent.exists()), None
        )
        if container is None:
            raise WeipianError("intake.catalogue_source", **where, source=source, looked=str(file))
        return str(container.resolve()), file.name
    return str(file.resolve()), layer


def _without_layer(source: str, where: Mapping[str, Any]) -> tuple[str, str | None]:
    """A source without what QGIS appends to it. A filter cannot be left out in silence: it raises ``intake.catalogue_shape``."""
    head, *options = source.split("|")
    layer = None
    for option in options:
        key, _, value = option.partition("=")
        if key.strip().lower() == "layername" and value.strip():
            layer = value.strip()
        elif not (key.strip().lower() in ("layerid", "geometrytype") or not option.strip()):
            raise WeipianError("intake.catalogue_shape", **where, problem=f"|{option[:40]}")
    return head.strip(), layer


def resolve_fields(source: LayerSource, available_columns: Iterable[str]) -> dict[str, str]:
    """Field key → column of the source: what the catalogue says, else the role's usual names.

    Raises ``intake.layer_field_missing`` when a column named in the catalogue is not there; a key for which nothing
    is found is left out.
    """
    columns = list(available_columns)
    found: dict[str, str] = {}
    for key, name in source.fields.items():
        column = best_column([name], columns)
        if column is None:
            raise WeipianError(
                "intake.layer_field_missing",
                role=source.role,
                source=source.source,
                field=key,
                column=name,
                columns="、".join(columns),
            )
        found[key] = column
    for key, names in roles()[source.role].get("fields", {}).items():
        if key not in found:
            column = best_column(names, columns)
            if column is not None:
                found[key] = column
    return found
