"""How files look: shapefile, dbf, GeoPackage, PostGIS, coordinate text, archives, sheets, encodings, CRS texts.

A floor below the steps: it reads and writes files and knows no parcel.
"""
