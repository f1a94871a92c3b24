"""A whole sample county, made on the spot: delivery, layers, catalogue, imagery, photos, documents, and the truth."""

from __future__ import annotations

from .county import SampleCounty, write_sample_county

__all__ = ["SampleCounty", "write_sample_county"]
