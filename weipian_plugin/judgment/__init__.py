"""Measurements become proposals (判定建议); people's decisions and their history."""
