"""YAML resources, read by libyaml where PyYAML was built with it: ten times quicker, the same safe subset."""
from __future__ import annotations

from typing import IO, Any

import yaml


def load(stream: IO[str]) -> Any:
    """The content of an open file; raises :class:`yaml.YAMLError`."""
    if hasattr(yaml, "CSafeLoader"):
        return yaml.load(stream, Loader=yaml.CSafeLoader)
    return yaml.safe_load(stream)
