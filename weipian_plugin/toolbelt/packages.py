"""Which Python packages the plugin needs, and which are missing here: offline desktops must be told, not crash."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True)
class Package:
    """A package by the name it is imported and the name it is installed under."""

    module: str
    distribution: str


REQUIRED = (
    Package("numpy", "numpy"),
    Package("pandas", "pandas"),
    Package("shapely", "shapely"),
    Package("pyproj", "pyproj"),
    Package("geopandas", "geopandas"),
    Package("pyogrio", "pyogrio"),
    Package("yaml", "PyYAML"),
    Package("openpyxl", "openpyxl"),
    Package("PIL", "pillow"),
    Package("matplotlib", "matplotlib"),
)


def missing(packages: tuple[Package, ...] = REQUIRED) -> tuple[str, ...]:
    """Distribution names of the packages that cannot be found; nothing is imported."""
    return tuple(package.distribution for package in packages if find_spec(package.module) is None)
