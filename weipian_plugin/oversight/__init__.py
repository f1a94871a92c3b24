"""Deadlines, rectification, error rates, ranking, tables, yearly summary."""
