"""The layer catalogue (图层清单): which file holds which role, checked before anything runs.

YAML as in the design: ``version``, then ``layers`` with ``role``, ``source`` (relative to the catalogue's folder or a
GDAL / PostGIS source), and optionally ``layer``, ``encoding``, ``crs``, ``title`` and ``fields``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

import yaml

from ..model import typed_yaml, yaml_files
from ..model.errors import WeipianError
from ..model.records import LayerSource
from ..model.vocabulary import role_title
from ..model.vocabulary import roles as roles
from .names import best_column, plain
from .systems import parse_crs

FIELD_KEYS = (
    "document", "date", "until", "authority", "project", "use", "area", "class", "ridge", "village_attribute", "year",
    "number", "name", "unit", "status", "kind",
)  # fmt: skip
_REMOTE = (
    "pg:", "postgresql://", "postgres://", "/vsi", "http://", "https://", "mssql:", "oci:", "mysql:", "odbc:", "sde:", "wfs:",
)  # fmt: skip
#: How QGIS writes the address of a tile or map service (XYZ, WMTS, WMS).
_SERVICE = ("type=xyz", "url=", "contextualWMSLegend=", "crs=")


@lru_cache(maxsize=1)
def _role_names() -> Mapping[str, str]:
    """Every way to write a role, made comparable → its code: the code, the Chinese title, and the short names people use."""
    names: dict[str, str] = {}
    for code, data in roles().items():
        for name in (code, data.title, *data.also):
            names.setdefault(plain(str(name)), code)
    return names


def role_of(text: str) -> str | None:
    """The code of a role written as code, Chinese title or short name (农转用); None for anything else."""
    return _role_names().get(plain(text))


def read_catalogue(path: Path) -> tuple[LayerSource, ...]:
    """The layers of a catalogue, in its order.

    Raises ``intake.catalogue_unreadable``, ``intake.catalogue_shape``, ``intake.catalogue_role``,
    ``intake.catalogue_field`` and ``intake.catalogue_source``, each with the number of the layer and the line.
    Raises ``intake.file_unreadable``.
    """
    path = Path(path)
    try:
        tree = yaml_files.compose(path.read_bytes(), unique_keys=True)
        if tree is not None:
            typed_yaml.build(
                tree, Any, ""
            )  # tags and days that cannot be are told with their line, wherever they stand
    except yaml_files.YamlError as error:
        raise WeipianError("intake.catalogue_unreadable", path=str(path), reason=error) from error
    except OSError as error:
        raise WeipianError("intake.file_unreadable", path=str(path), reason=error) from error
    nodes = _layers(tree)
    if nodes is None:
        raise WeipianError("intake.catalogue_shape", path=str(path), number=0, line=1, problem="version: 1 / layers:")
    return tuple(_layer(node, path, number) for number, node in enumerate(nodes, start=1))


@dataclass(frozen=True)
class _Entry:
    """An entry as it is written."""

    role: str
    source: str
    layer: str = ""
    encoding: str = ""
    crs: str = ""
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def _layers(tree: Optional[yaml.Node]) -> Optional[list[yaml.Node]]:
    """The entries under ``layers``; None where the file is no catalogue of version 1."""
    head = {key.value: value for key, value in tree.value} if isinstance(tree, yaml.MappingNode) else {}
    version, layers = head.get("version"), head.get("layers")
    if not isinstance(version, yaml.ScalarNode) or version.tag.endswith(":str") or version.value not in ("1", "1.0"):
        return None
    return list(layers.value) if isinstance(layers, yaml.SequenceNode) else None


def _entry(node: yaml.Node, where: Mapping[str, object]) -> _Entry:
    """One entry with its keys checked. Raises ``intake.catalogue_shape``, ``intake.catalogue_field``, ``intake.catalogue_role``."""
    if not isinstance(node, yaml.MappingNode):
        raise WeipianError("intake.catalogue_shape", **where, problem=str(node.value)[:60])
    unknown = {str(key.value) for key, _ in node.value} - {one.name for one in dataclasses.fields(_Entry)} - {"<<"}
    if unknown:
        raise WeipianError("intake.catalogue_shape", **where, problem="、".join(sorted(unknown)))
    try:
        entry: _Entry = typed_yaml.build(node, _Entry, "")
    except yaml_files.YamlError as error:
        place = str(error.details.get("key", ""))
        if place == "role":
            raise _unknown_role("None", where) from error
        if place.startswith("fields."):
            raise _unknown_field("", place.partition(".")[2], where) from error
        raise WeipianError("intake.catalogue_shape", **where, problem=place) from error
    if not entry.source.strip():
        raise WeipianError("intake.catalogue_shape", **where, problem="source")
    return entry


def _unknown_role(role: str, where: Mapping[str, object]) -> WeipianError:
    known = "、".join(f"{code}（{data.title}）" for code, data in roles().items())
    return WeipianError("intake.catalogue_role", **where, role=role, roles=known)


def _unknown_field(role: str, key: str, where: Mapping[str, object]) -> WeipianError:
    return WeipianError("intake.catalogue_field", **where, role=role, field=key, fields="、".join(FIELD_KEYS))


def _layer(node: yaml.Node, path: Path, number: int) -> LayerSource:
    where: dict[str, Any] = {"path": str(path), "number": number, "line": node.start_mark.line + 1}
    entry = _entry(node, where)
    role = role_of(entry.role)
    if role is None:
        raise _unknown_role(entry.role, where)
    for key in entry.fields:
        if key not in FIELD_KEYS:
            raise _unknown_field(role, key, where)
    source, layer = _source(entry.source.strip(), path, where)
    if entry.crs:
        try:
            parse_crs(entry.crs)
        except WeipianError as error:
            raise WeipianError("intake.catalogue_crs", **where, crs=entry.crs[:80]) from error
    return LayerSource(
        role=role,
        source=source,
        layer=entry.layer or layer,
        encoding=entry.encoding or None,
        crs=entry.crs or None,
        fields=dict(entry.fields),
        title=entry.title or role_title(role),
    )


def is_remote(source: str) -> bool:
    """Whether a source is a database or driver string and not a path."""
    return source.lower().startswith(_REMOTE) or is_service(source)


def is_service(source: str) -> bool:
    """Whether a source is a tile or map service, which QGIS opens with its ``wms`` provider."""
    return source.startswith(_SERVICE)


#: Containers of layers that people write as folders: ``x.gdb/layer``.
_CONTAINERS = (".gdb", ".gpkg", ".sqlite", ".mdb")


def _source(source: str, path: Path, where: Mapping[str, object]) -> tuple[str, str | None]:
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


def _without_layer(source: str, where: Mapping[str, object]) -> tuple[str, str | None]:
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
    result: dict[str, str] = {}
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
        result[key] = column
    for key, names in roles()[source.role].fields.items():
        if key not in result:
            column = best_column(names, columns)
            if column is not None:
                result[key] = column
    return result
