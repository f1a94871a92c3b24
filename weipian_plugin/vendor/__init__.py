"""Packages of others that no installer of QGIS carries; README.md names them. Written by `make vendor`."""
