"""The manifest's spelling is that of json.dumps, only faster."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.filing import manifest

_SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
_CONTENT = st.dictionaries(
    st.text(),
    st.recursive(_SIMPLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)),
)


@given(_CONTENT)
def test_a_manifest_is_spelled_as_json_does(content: dict[str, Any]) -> None:
    spelled = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    assert manifest.text(content) == spelled.encode("utf-8", "backslashreplace")
