"""What is read without looking twice is read as by the long way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weipian_plugin.model import cells, dates

_TEXT = st.text() | st.text(alphabet="0123456789-/.eE*\"'＇= \u00a0\u200b\u3000年月日亩地〔〕号", max_size=14)
_DAYS = (
    st.text(alphabet="0123456789-", min_size=7, max_size=11) | st.dates().map(str) | st.dates().map("{:%Y%m%d}".format)
)


@given(_TEXT)
def test_a_clean_text_is_known_by_its_characters(text: str) -> None:
    assert cells.clean_text(text) == cells._cleaned(text)


@given(_DAYS | _TEXT)
def test_a_plain_day_is_what_the_forms_say(text: str) -> None:
    quick = dates._plain_day(text)
    assert quick is None or quick == dates._any_form(text)
