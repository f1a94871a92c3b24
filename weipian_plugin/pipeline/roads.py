"""The roads of a catalogue (国家公路网) around parcels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Optional

import geopandas
import pandas as pd
import shapely

from ..intake.layers import read_layer
from ..model.errors import WeipianError
from ..model.feedback import Feedback
from ..model.records import STORED_CRS, LayerSource

_AROUND = 0.01  # degrees: more than a shifted position is away


def roads_near(
    layers: Sequence[LayerSource], parcels: geopandas.GeoDataFrame, feedback: Feedback
) -> Callable[[], Optional[geopandas.GeoDataFrame]]:
    """Reads the roads of a catalogue around ``parcels`` (EPSG:4490), when they are wanted; they come in EPSG:4490.

    It gives None where there are none; a layer that cannot be read is told, not raised.
    """

    def read() -> Optional[geopandas.GeoDataFrame]:
        found = [_roads(layer, parcels, feedback) for layer in layers if layer.role == "road_network"]
        there = [frame for frame in found if frame is not None]
        roads = pd.concat(there, ignore_index=True) if there else None
        return None if roads is None else roads[roads.geometry.notna() & ~roads.geometry.is_empty]

    return read


def road_lines(layers: Sequence[LayerSource], lon: object, lat: object, feedback: Feedback) -> list[Any]:
    """Lines of the roads (EPSG:4490) around places in degrees; a layer of road surfaces has none."""
    places = geopandas.GeoDataFrame(geometry=shapely.points(lon, lat), crs=STORED_CRS)
    found = roads_near(layers, places, feedback)()
    return [] if found is None else [shape for shape in found.geometry if shape.geom_type.endswith("LineString")]


def _roads(layer: LayerSource, parcels: geopandas.GeoDataFrame, feedback: Feedback) -> Optional[geopandas.GeoDataFrame]:
    west, south, east, north = parcels.total_bounds
    try:
        return read_layer(layer, (), (west - _AROUND, south - _AROUND, east + _AROUND, north + _AROUND)).to_crs(
            STORED_CRS
        )
    except WeipianError as error:
        feedback.report(error.message, "warning")
        return None
