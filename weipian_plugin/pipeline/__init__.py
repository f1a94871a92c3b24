"""The steps of the work, one after the other, without QGIS."""
