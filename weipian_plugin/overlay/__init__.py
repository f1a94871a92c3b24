"""Parcels are measured against layers (套合)."""
