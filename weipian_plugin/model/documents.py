"""What a document's number and status say: whether it is a number at all, and whether the document is still in force.

The words are data: ``resources/documents.yaml``, each list with its source and confidence. They err on the side of doubt: a word of
withdrawal that is not plainly denied takes the document out of force.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from .dates import DateSpan
from .paths import shipped
from .typed_yaml import read


@dataclass(frozen=True)
class _Patterns:
    patterns: tuple[str, ...]
    source: str
    confidence: str
    any_case: bool = False


@dataclass(frozen=True)
class _Answers:
    words: tuple[str, ...]
    source: str
    confidence: str


@dataclass(frozen=True)
class _File:
    no_number: _Patterns
    void: _Patterns
    questioned: _Patterns
    unquestioned: _Patterns
    stage: _Patterns
    stage_done: _Patterns
    title_state_columns: _Patterns
    title_over: _Patterns
    harmless: _Patterns
    void_columns: _Patterns
    valid_columns: _Patterns
    stage_columns: _Patterns
    no_stage_columns: _Patterns
    coded_columns: _Patterns
    unclear_columns: _Patterns
    said: _Patterns
    said_columns: _Patterns
    main_road: _Patterns
    status_columns: _Patterns
    term_columns: _Patterns
    withdrawal: _Answers
    denials: _Answers
    refusals: _Answers
    affirmations: _Answers
    assents: _Answers


@dataclass(frozen=True)
class Words:
    """``resources/documents.yaml`` ready for use; what each list is for stands there."""

    no_number: re.Pattern[str]
    void: re.Pattern[str]
    questioned: re.Pattern[str]
    unquestioned: re.Pattern[str]
    stage: re.Pattern[str]
    stage_done: re.Pattern[str]
    title_state_columns: re.Pattern[str]
    title_over: re.Pattern[str]
    harmless: re.Pattern[str]
    void_columns: re.Pattern[str]
    valid_columns: re.Pattern[str]
    stage_columns: re.Pattern[str]
    no_stage_columns: re.Pattern[str]
    coded_columns: re.Pattern[str]
    unclear_columns: re.Pattern[str]
    said: re.Pattern[str]
    said_columns: re.Pattern[str]
    main_road: re.Pattern[str]
    status_columns: re.Pattern[str]
    term_columns: re.Pattern[str]
    denials: frozenset[str]
    refusals: frozenset[str]
    affirmations: frozenset[str]
    assents: frozenset[str]


@lru_cache(maxsize=1)
def words() -> Words:
    """The words, read once: they are no county's to change."""
    file = read(shipped("documents.yaml"), _File)
    withdrawn = "|".join(file.withdrawal.words)
    ready: dict[str, Any] = {}
    for entry in fields(Words):
        given = getattr(file, entry.name)
        if isinstance(given, _Answers):
            ready[entry.name] = frozenset(given.words)
        else:
            text = "|".join(given.patterns).replace("{word}", withdrawn)
            ready[entry.name] = re.compile(text, re.IGNORECASE if given.any_case else 0)
    return Words(**ready)


_NUMERAL = re.compile(r"[1-9一二三四五六七八九十百]")
_BRACKETED_YEAR = re.compile(r"[\[(【〔［（〈<{﹝]\s*(?:19|20)\d{2}\s*年?\s*[\])】〕］）〉>}﹞]")
#: Signs of a text read with the wrong encoding: the replacement character, its bytes read as GBK, uninitialised memory, Latin-1.
_MOJIBAKE = re.compile(
    "[\ufffd\x00-\x08\x0b-\x1f\x7f-\xa0\u00bf-\u00d6\u00d8-\u00f6\u00f8-\u02af\u2500-\u257f]|锟斤|烫烫|屯屯|脙|鈥|銆"
)


@lru_cache(maxsize=65536)
def document_number(text: str) -> str | None:
    """The number of a document (批准文号, 证号, 合同编号); None for blank text and for what stands where there is no number.

    None: 待批, 无, /, -, 0, 不详, text of punctuation or zeros only, a year without a number (〔2022〕 号, 〔2022〕×号), and text that was
    read with the wrong encoding.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or words().no_number.search(plain) or _MOJIBAKE.search(text):
        return None
    if not _NUMERAL.search(_BRACKETED_YEAR.sub("", plain)):
        return None
    return None if _reads_as_utf8(text) or plain in ("无", "空") else text.strip()


def _reads_as_utf8(text: str) -> bool:
    """Whether the characters are UTF-8 taken for GBK: their GBK bytes make sense as UTF-8, which real Chinese text hardly ever does."""
    if sum(ord(sign) > 127 for sign in text) < 3:
        return False
    try:
        text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return True


_YEAR = re.compile(
    r"[\[(【〔［（〈<{]\s*((?:19|2\d)\d{2})\s*年?\s*[\])】〕］）〉>}]|(?<!\d)((?:19|20)\d{2})\s*年?\s*[-—–/第]?\s*\d+\s*号"
    r"|^((?:19|20)\d{2})(?!\d)"
)
#: A year in Chinese numerals: 〔二〇二四〕, 二○二四年.
_CHINESE_YEAR = re.compile("([一二]千?[〇○零Oo九]?[〇○零Oo一二三四五六七八九]{2,3})(?=年?[\\])】〕］）〉>}]|年)")
_DIGITS = {sign: digit for digit, sign in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "O": 0, "o": 0}


@lru_cache(maxsize=65536)
def year_of_number(text: str) -> int | None:
    """The year in a document's number (〔2024〕, (2021), 2022年第5号); of several the latest, None where there is none."""
    plain = unicodedata.normalize("NFKC", text)
    years = [int(next(filter(None, result))) for result in _YEAR.findall(plain)]
    for written in _CHINESE_YEAR.findall(plain):
        digits = [str(_DIGITS[sign]) for sign in written if sign in _DIGITS]
        if len(digits) == 4:
            years.append(int("".join(digits)))
    return max(years) if years else None


def number_contradicts(number: str, dated: DateSpan | None) -> bool:
    """Whether the year in the number is later than the date: no document is dated before the year it was numbered in."""
    year = year_of_number(number)
    return year is not None and dated is not None and year > dated.last.year


@lru_cache(maxsize=65536)
def out_of_force(text: str, column: str = "") -> bool:
    """Whether a text says that its document is withdrawn, lapsed or not granted (yet); ``column``: the name it stands under.

    A column that asks (是否注销, SFYX) is answered by its yes and no; a date under 注销日期 is a yes.
    """
    plain = _BETWEEN_SIGNS.sub("", unicodedata.normalize("NFKC", text).strip())
    upper = plain.upper()
    if not plain:
        return False
    if column and words().void_columns.search(column):
        return upper not in words().denials and not words().harmless.search(plain)
    if column and words().valid_columns.search(column) and upper in words().refusals:
        return True
    if column and words().title_state_columns.search(column) and words().title_over.fullmatch(plain):
        return True
    message = words().harmless.sub("", plain)
    if (
        column
        and _asks_for_a_stage(column)
        and words().stage.search(message)
        and not words().stage_done.search(message)
    ):
        return True
    return bool(words().void.search(message))


#: Blanks between Chinese signs (作 废), which mean nothing.
_BETWEEN_SIGNS = re.compile("(?<=[\u4e00-\u9fff])\\s+(?=[\u4e00-\u9fff])")
_CODE = re.compile("[A-Z0-9]{1,3}(?:\\.0+)?", re.IGNORECASE)


@lru_cache(maxsize=65536)
def is_unknown_code(text: str, column: str) -> bool:
    """Whether a column of status holds a code whose meaning is not known (ZT = 0, 1, 2): neither in force nor out of it.

    权属状态 1 (现势) is known; SFYX, 是否有效 and the like ask a question and are answered by 0 and 1, not by other codes. A column
    whose question is not known (SFSX: 是否失效 or 是否生效; 是否已, cut) is answered by nothing.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if words().unclear_columns.fullmatch(column):
        return plain not in ("", "/", "-", "NULL", "NONE")
    if not _CODE.fullmatch(plain) or words().void_columns.search(column):
        return False
    if words().valid_columns.search(column):
        return plain not in words().affirmations | words().denials
    if plain in words().assents:
        return False
    if words().title_state_columns.search(column):
        return plain.partition(".")[0] != "1"
    return bool(words().coded_columns.search(column))


@lru_cache(maxsize=65536)
def is_questioned(text: str) -> bool:
    """Whether a remark holds something against its document that does not end its force: 查无此文, 有争议, 待核实, 不含本地块."""
    plain = _BETWEEN_SIGNS.sub("", unicodedata.normalize("NFKC", text).strip())
    return bool(words().questioned.search(words().unquestioned.sub("", plain)))


def is_saying_column(name: str) -> bool:
    """Whether a column of this name, that is none of status, may still say that its document is none."""
    return bool(words().said_columns.search(name.rstrip("\ufffd")))  # half a character of a cut name


@lru_cache(maxsize=65536)
def is_said_to_be_none(text: str) -> bool:
    """Whether a name, kind or the like says that its document is withdrawn or none: 某项目（已撤销）, 作废地块, 拆旧区."""
    plain = _BETWEEN_SIGNS.sub("", unicodedata.normalize("NFKC", text).strip())
    return bool(words().said.search(words().harmless.sub("", plain)))


@lru_cache(maxsize=65536)
def is_main_road(text: str) -> bool:
    """Whether the name or number of a road is that of a highway (国道, 省道, 县道, G85, X208), which is no rural road."""
    return bool(words().main_road.search(unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=65536)
def is_garbled(text: str) -> bool:
    """Whether a text was read in the wrong encoding: what it says is not known, which is not nothing."""
    return bool(_MOJIBAKE.search(text)) or _reads_as_utf8(text)


def _asks_for_a_stage(column: str) -> bool:
    return bool(words().stage_columns.search(column)) and not words().no_stage_columns.search(column)


def is_status_column(name: str) -> bool:
    """Whether a column of this name is read for the force of its document."""
    return bool(words().status_columns.search(name)) and not words().term_columns.search(name)


_CENTRAL = re.compile("国务院|自然资源部|国土资源部|国家林业|国家级")
_STATED_LEVEL = re.compile("(?:部|省|自治区|直辖市)级?(?:政府|人民政府|批准|审批)?")
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_UNIT = re.compile(
    "(自治区|管委会|管理委员会|自治州|自治县|自治旗|省|市|州|盟|地区|县|区|旗|镇|乡|街道|村)(?!划|域|级|长)"
)
NATION, PROVINCE, CITY, COUNTY = 4, 3, 2, 1
_LEVELS = {"自治区": PROVINCE, "省": PROVINCE, "市": CITY, "自治州": CITY, "州": CITY, "盟": CITY, "地区": CITY}


@lru_cache(maxsize=4096)
def authority_level(text: str) -> int | None:
    """The level of the authority that a text names (:data:`NATION` … :data:`COUNTY` and below); None where it cannot be determined."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _CENTRAL.search(plain):
        return NATION
    if _STATED_LEVEL.fullmatch(plain):
        return NATION if plain.startswith("部") else PROVINCE
    units = _UNIT.findall(plain)
    if not units:
        return None
    if units[-1] == "市" and plain.startswith(_MUNICIPALITIES) and units.count("市") == 1:
        return PROVINCE
    return _LEVELS.get(units[-1], COUNTY)
