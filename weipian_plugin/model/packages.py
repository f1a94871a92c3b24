"""The Python packages the plugin uses: from which version on, what for, and where a QGIS has them from.

Only the core stops the plugin. Every other one is asked for where it is needed (:func:`load`) and switches off that one output.
Importing this module needs nothing but Python itself, since it says what is missing. Lowest versions are those with which the tests were
run; the packages under ``vendor`` are not listed, because they come with the plugin.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

#: From this version on the Windows installer of QGIS brings every package of the table but the optional ones.
COMPLETE_SINCE = "3.44.8"
INSTALLER, BESIDE = "QGIS 安装包", "另装"


class Need(Enum):
    """What the absence of a package means."""

    CORE = "core"  # nothing works
    OUTPUT = "output"  # one output is switched off
    OPTIONAL = "optional"  # only where an office wants what it is for; no QGIS brings it


@dataclass(frozen=True)
class Package:
    """A package by the name it is imported and the name it is installed under, ``lowest`` version, and what for."""

    module: str
    distribution: str
    lowest: str
    purpose: str
    need: Need = Need.CORE
    source: str = INSTALLER


PACKAGES = (
    Package("numpy", "numpy", "1.26", "全部计算"),
    Package("pandas", "pandas", "2.2", "全部表格"),
    Package("shapely", "shapely", "2.1", "图形与套合分析"),
    Package("geopandas", "geopandas", "0.14", "图斑与图层"),
    Package("pyproj", "pyproj", "3.6", "坐标系"),
    Package("yaml", "PyYAML", "6.0", "规则、清单和提示文字"),
    Package("openpyxl", "openpyxl", "3.1", "Excel 表格"),
    Package("PIL", "pillow", "11.1", "照片"),
    Package("pyogrio", "pyogrio", "0.9", "读取 gdb、geojson、kml 等数据", Need.OUTPUT),
    Package("matplotlib", "matplotlib", "3.6", "统计图和位置图", Need.OUTPUT),
    Package("jinja2", "Jinja2", "3.1", "网页报告和 Word 表单", Need.OUTPUT),
    Package("lxml", "lxml", "4.9", "Word 表单和书面总结", Need.OUTPUT),
    Package("psycopg2", "psycopg2", "2.8", "PostGIS 数据和多人工作库", Need.OUTPUT),
    Package("distributed", "distributed", "2023.1", "多机计算", Need.OPTIONAL, BESIDE),
)  # fmt: skip


@dataclass(frozen=True)
class Lack:
    """A package that is not there (``found`` None) or too old."""

    package: Package
    found: str | None

    @property
    def in_use(self) -> bool:
        """Another plugin has loaded the old version already: only a restart can change that."""
        return self.package.module in sys.modules


def lacking(need: Need = Need.CORE, packages: Sequence[Package] = PACKAGES) -> tuple[Lack, ...]:
    """Packages of a kind that are missing or too old here; nothing is imported that says its version otherwise."""
    return tuple(lack for package in packages if package.need is need and (lack := lack_of(package)) is not None)


def lack_of(package: Package) -> Lack | None:
    """What is wrong with a package here, None if nothing is."""
    result = found_version(package)
    return None if result is not None and not older(result, package.lowest) else Lack(package, result)


def found_version(package: Package) -> str | None:
    """The version that an import gives: of what is loaded already, else of what is installed. None: not there."""
    loaded = getattr(sys.modules.get(package.module), "__version__", None)
    if loaded:
        return str(loaded)
    try:
        if find_spec(package.module) is None:
            return None
        return metadata.version(package.distribution)
    except metadata.PackageNotFoundError:
        return _version_text(package.module)
    except (ValueError, ImportError):  # a module that was forbidden, or half of one
        return None


def _version_text(module: str) -> str | None:
    """For installations without metadata (some Linux builds): what the package says of itself."""
    try:
        return str(getattr(import_module(module), "__version__", "0"))
    except ImportError:
        return None


def older(version: str, lowest: str) -> bool:
    """Whether ``version`` comes before ``lowest``, by their leading numbers."""
    return _numbers(version) < _numbers(lowest)


def _numbers(version: str) -> tuple[int, ...]:
    """``1.26.4`` → (1, 26, 4); what follows the numbers (rc1, .post2) does not count."""
    match = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in match[0].split(".")] if match else [0]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def load(module: str) -> Any:
    """A module of a package of the table, imported now. Raises ``run.package_missing`` where it is missing or too old."""
    root = module.partition(".")[0]
    package = next(package for package in PACKAGES if package.module == root)
    lack = lack_of(package)
    try:
        if lack is None:
            return import_module(module)
    except ImportError as error:
        raise _missing(package, None) from error
    raise _missing(package, lack.found)


def _missing(package: Package, found: str | None) -> Exception:
    from .errors import WeipianError  # reads the sentences with PyYAML, which may be what is missing

    return WeipianError(
        "run.package_missing",
        name=package.distribution,
        found=found or "—",
        lowest=package.lowest,
        complete=COMPLETE_SINCE,
    )
