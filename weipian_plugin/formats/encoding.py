"""Which encoding a table is in: declared values are only claims, the bytes are the evidence, the user's choice wins.

GBK without ``.cpg`` is read as Latin-1 by GDAL and UTF-8 declared as GBK gives wrong Chinese, both without a word.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..model.errors import WeipianError
from ..model.messages import Message
from ..model.paths import resource
from ..model.typed_yaml import read

DEFAULT = "gb18030"
_SAMPLE_VALUES = 4000


@dataclass(frozen=True)
class EncodingCandidate:
    """A reading of the sample: share of values that decode, share of characters that look like Chinese text, and a preview."""

    encoding: str
    decodes: float
    plausible: float
    preview: tuple[str, ...]


@dataclass(frozen=True)
class EncodingDecision:
    """The encoding taken, why, whether the evidence is beyond doubt, and what the others would have given."""

    encoding: str
    reason: Message
    certain: bool
    candidates: tuple[EncodingCandidate, ...] = ()

    @property
    def preview(self) -> tuple[str, ...]:
        return next((c.preview for c in self.candidates if c.encoding == self.encoding), ())


@dataclass(frozen=True)
class Encodings:
    """Names as ``.cpg`` files write them → Python codec, code-page bytes → codec, what is tried in which order, from which share of ordinary
    characters a reading is plausible, codecs that a file may be in."""

    names: Mapping[str, str]
    code_pages: Mapping[int, str]
    tried: tuple[str, ...]
    plausible: float
    allowed: tuple[str, ...]


@lru_cache(maxsize=1)
def encodings() -> Encodings:
    """The data of ``resources/formats/encodings.yaml``."""
    return read(resource("formats", "encodings.yaml"), Encodings)


def codec_name(declared: str) -> str | None:
    """Python codec of an encoding as people and ``.cpg`` files write it (``OEM 936``, ``GBK``, ``UTF-8``); None if unknown."""
    plain = declared.strip().strip("\ufeff").lower()
    compact = "".join(letter for letter in plain if letter.isalnum())
    known = encodings().names.get(compact)
    if known:
        return str(known)
    try:
        name = codecs.lookup(plain).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return name if name in encodings().allowed else None


def decide_encoding(
    samples: Iterable[bytes], declared: str | None = None, code_page: int = 0, chosen: str | None = None
) -> EncodingDecision:
    """Decide the encoding of ``samples`` (raw values with their padding removed).

    Order of trust: ``chosen`` by the user, then what the bytes allow, where ``.cpg`` (``declared``) and the code-page
    byte decide between readings that are both possible. Raises ``intake.encoding_unknown`` for an unusable choice.
    """
    values = _telling(samples)
    claim = codec_name(declared) if declared else None
    page = encodings().code_pages.get(code_page)
    if chosen:
        codec = codec_name(chosen)
        if codec is None:
            raise WeipianError("intake.encoding_unknown", encoding=chosen)
        return EncodingDecision(
            codec, Message("intake.encoding_chosen", {"encoding": codec}), True, _candidates(values, [codec])
        )
    tried = list(dict.fromkeys([*encodings().tried, *(name for name in (claim, page) if name)]))
    candidates = _candidates(values, tried)
    if not values:
        codec = claim or page or DEFAULT
        return EncodingDecision(codec, Message("intake.encoding_ascii", {"encoding": codec}), True, candidates)
    best = max(candidates, key=lambda c: (_good(c), c.encoding == claim, c.encoding == page, -tried.index(c.encoding)))
    details = {
        "encoding": best.encoding,
        "declared": (declared or "").strip()[:40],
        "preview": "、".join(best.preview[:3]),
    }
    certain = _good(best) >= 0.999
    if declared and claim != best.encoding:
        return EncodingDecision(best.encoding, Message("intake.encoding_contradicts", details), certain, candidates)
    if claim == best.encoding:
        return EncodingDecision(best.encoding, Message("intake.encoding_declared", details), certain, candidates)
    code = "intake.encoding_found" if certain else "intake.encoding_doubtful"
    return EncodingDecision(best.encoding, Message(code, details), certain, candidates)


_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decoded(raw: bytes, chosen: str | None = None) -> tuple[str, str]:
    """A whole text file and its encoding: by its mark, as UTF-16 without one (every other byte of ASCII is zero), else UTF-8 or GBK.

    What cannot be read becomes U+FFFD; zero bytes are dropped. Raises ``intake.encoding_unknown`` for an unusable choice.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, errors="replace").replace("\x00", ""), name[:6].rstrip("-")
    name = "" if chosen else _unmarked_utf16(raw[:4000])
    if name:
        return raw.decode(name, errors="replace").replace("\x00", ""), "utf-16"
    used = decide_encoding(raw.splitlines()[:5000], chosen=chosen).encoding
    return raw.decode(used, errors="replace").replace("\x00", ""), used


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without its mark: line ends, commas and figures have a zero byte beside them, always on the same side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 8 < len(head) or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _telling(samples: Iterable[bytes]) -> list[bytes]:
    """Distinct values that hold bytes beyond ASCII, at most some thousands."""
    values: dict[bytes, None] = {}
    for value in samples:
        if not value.isascii():
            values[value] = None
            if len(values) >= _SAMPLE_VALUES:
                break
    return list(values)


def _candidates(values: Sequence[bytes], tried: Iterable[str]) -> tuple[EncodingCandidate, ...]:
    return tuple(_candidate(values, name) for name in tried)


def _candidate(values: Sequence[bytes], encoding: str) -> EncodingCandidate:
    decoded = [_decode_cut(value, encoding) for value in values]
    readable = [text for text in decoded if text is not None]
    letters = "".join(readable)
    ordinary = sum(map(_is_ordinary, letters)) / len(letters) if letters else 0.0
    preview = tuple(text.strip() for text in readable if text.strip())[:5]
    return EncodingCandidate(encoding, len(readable) / len(values) if values else 1.0, ordinary, preview)


def _decode_cut(value: bytes, encoding: str) -> str | None:
    """The text, allowing for a last character cut off by the width of the field."""
    try:
        return value.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(value) - 3 or error.start == 0:
            return None
        try:
            return value[: error.start].decode(encoding)
        except UnicodeDecodeError:
            return None


def _is_ordinary(letter: str) -> bool:
    """ASCII, common Chinese (CJK unified block), Chinese punctuation and full-width forms."""
    return (
        " " <= letter <= "~"
        or "\u4e00" <= letter <= "\u9fff"
        or "\u3000" <= letter <= "\u301f"
        or "\uff01" <= letter <= "\uff5e"
        or letter in "\t·—‘’“”…㎡℃°×±≥≤①②③④⑤⑥⑦⑧⑨⑩"
    )


def _good(candidate: EncodingCandidate) -> float:
    """How far a reading explains the bytes; a decoding that gives rubbish letters explains nothing."""
    return (
        candidate.decodes
        if candidate.plausible >= encodings().plausible
        else candidate.decodes * candidate.plausible / 2
    )
