"""Keeps the C libraries of the Python packages apart from those of QGIS (Linux).

The wheels of shapely, pyproj, pyogrio, lxml and Pillow bring their own GEOS, PROJ, GDAL, libxml2 and libtiff.
The program files ``qgis`` and ``qgis_process`` are linked with other versions of the same libraries, and on Linux a
symbol is looked up in the program first: pyogrio then calls QGIS's GDAL, pyproj QGIS's PROJ, with structures of another
version, and the process ends in ``free(): invalid pointer``. Loaded with ``RTLD_DEEPBIND``, an extension module prefers
the libraries it came with. Windows and macOS bind by file and need nothing. See dlopen(3).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec, PathFinder
from types import ModuleType

PACKAGES_WITH_THEIR_OWN_LIBRARIES = frozenset({"lxml", "matplotlib", "PIL", "pyogrio", "pyproj", "shapely"})


class _OwnLibrariesFirst(ExtensionFileLoader):
    """Loads one extension module so that it finds the symbols of its own libraries before those of the program."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        before = sys.getdlopenflags()
        sys.setdlopenflags(before | os.RTLD_DEEPBIND)
        try:
            return super().create_module(spec)
        finally:
            sys.setdlopenflags(before)


class _Finder(MetaPathFinder):
    """Answers for the extension modules of the packages named above and for nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is None or fullname.partition(".")[0] not in PACKAGES_WITH_THEIR_OWN_LIBRARIES:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or type(spec.loader) is not ExtensionFileLoader:
            return None
        spec.loader = _OwnLibrariesFirst(fullname, spec.origin)
        return spec


def keep_native_libraries_apart() -> None:
    """Call once, before the first import of the packages. Later calls, and calls outside of Linux, do nothing."""
    if hasattr(os, "RTLD_DEEPBIND") and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def stop_keeping_native_libraries_apart() -> None:
    """Take the finder out again, when the plugin is unloaded."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
