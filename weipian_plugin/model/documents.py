"""What a document's number and status say: whether it is a number at all, and whether the document is still in force.

Source: words met in registers of approvals, supply, registration and licences; the lists are ours (confidence: assumed) and err
on the side of doubt: a word of withdrawal that is not plainly denied takes the document out of force.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .dates import DateSpan

_NONE_WORDS = (
    "待批|未批|待补|待定|待报|待查|待核|待办|未办|未报|拟批|拟报|报批中|审批中|审查中|办理中|申请中|申报中|补办中|在办|在批|正在|无文号|"
    "没有|不详|不明|未知|未取得|未提供|未见|暂无|暂缺|缺失|遗失|空白|上报|预审|null|none|nan|n/a|test|测试|xxx|\\?\\?|？？"
)
_NO_NUMBER = re.compile(_NONE_WORDS, re.IGNORECASE)
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
    if not plain or _NO_NUMBER.search(plain) or _MOJIBAKE.search(text):
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
    years = [int(next(filter(None, found))) for found in _YEAR.findall(plain)]
    for written in _CHINESE_YEAR.findall(plain):
        digits = [str(_DIGITS[sign]) for sign in written if sign in _DIGITS]
        if len(digits) == 4:
            years.append(int("".join(digits)))
    return max(years) if years else None


def number_contradicts(number: str, dated: DateSpan | None) -> bool:
    """Whether the year in the number is later than the date: no document is dated before the year it was numbered in."""
    year = year_of_number(number)
    return year is not None and dated is not None and year > dated.last.year


_VOID = re.compile(
    "撤销|撤消|撤回|注销|吊销|解除|收回|失效|过期|到期未|已到期|逾期|作废|废止|退回|退件|退卷|未批|未审批|未核准|未许可|未报|"
    "不予(?:批准|许可|核准|同意|受理|登记|通过)|不批准|不同意|未获|未通过|未经批准|驳回|否决|取消|终止|中止|无效|"
    "待批|待审|待报|待[^，。；,;待]{1,8}(?:批准|批复|审批|审查|审核|核准)|拟批|拟报|拟用|拟征|拟转|拟占|拟供|拟建|"
    "报批中|审批中|审查中|审核中|办理中|申请中|在批(?![准复文])|在审(?!批|定)|在办|未生效|尚未生效|伪造|假证|涂改|冒用|停用|暂停|暂缓(?!缴)|停止|停产|停采|关闭(?!矿)|灭失|核减|剔除|"
    "废弃(?!矿)|退地|退还(?!.{0,4}(?:保证金|押金|款|费))|退出(?!机制)|解约|已被?收储(?!后)|收储回|被.{1,20}(?:替代|取代|代替)|调出|调减|核销|重新(?:组卷|报批|申报|办理)|"
    "不再(?:实施|使用|有效|执行|建设|办理|供应)|未完成(?:审批|报批|手续|办理|登记)|(?:审批|报批|手续|办理|登记)(?:尚)?未完|待.{1,8}(?:下文|发文|批文)|补充材料|补正|"
    "超期(?![^。；;]{0,8}(?:续期|展期|延期))|超过有效期|过了?有效期|停办|叫停|终结|失去效力|效力(?:已经?)?(?:丧失|消灭)|暂不|没有?批(?:下来|准|复)|"
    "(?:批文|批复|文件|文号)(?:尚|还)?未(?:下|到|发|取得|办|批)|尚无(?:批文|批复|文号|手续)|不予认可|未予(?:批准|备案|认可|同意|登记|核准)|"
    "删除|(?:^|[，。；,;:：（(、为转入属系是已])历史(?:数据|图形|记录|版本|档案)?(?![\u4e00-\u9fff])|已复垦|复垦还[田耕]|"
    "违法批|非法批|越权|骗取|确认违法|判决[^，。；]{0,8}违法|"
    r"\b(?:revoked?|cancell?ed|withdrawn|expired|void|invalid|rejected|refused|pending|draft|lapsed|terminated|annulled|suspended|"
    r"superseded|deleted|inactive|obsolete|closed)\b",
    re.IGNORECASE,
)
#: What a remark holds against a document without ending its force: that it cannot be found, is wrong, disputed, or not of this land.
_QUESTIONED = re.compile(
    "不存在|查无|不符(?!合)|不一致|有误|错误|手续(?:不全|不完善|不齐|不完备|缺失|欠缺|未完善)|先建后|边批边建|未按[^，。；]{0,8}(?:报批|审批|办理)|"
    "仅(?:批准|批复|通过|办理|取得)?了?(?:立项|预审|选址|规划|环评)|重复(?:上图|录入|报备|登记|图斑|图形|供地|发证)|"
    "待(?:核实|核查|核对|确认|查证|复核|落实)|存疑|疑似|争议|纠纷|越界|超层|超(?:出|过)?(?:批准|批复|许可|审批|用地)的?(?:范围|面积)|少批多占|"
    "不(?:含|包括|包含|涵盖)[^，。；]{0,4}(?:本|该|此)(?:地块|宗|图斑)|不在(?:批准|批复|批文|审批|许可|征收|供地)[^，。；]{0,6}范围|"
    "(?:违法|非法)(?:占|用|建)|拆旧(?!建新)|复垦(?:区|地块)|只征收?[不未]转|征而[不未]转|未(?:办理?)?(?:农用地|农)?转用"
)
#: Plainly denied, or put right: 权属无争议, 未发现有误, 图形错误已更正.
_UNQUESTIONED = re.compile(
    "(?:无|没有|不存在|未发现|未见|并无)[^，。；]{0,8}(?:争议|纠纷|异议|有误|错误|不符|不一致|违法|非法|越界|重复|疑)"
    "|(?:有误|错误|不符|不一致|争议|纠纷)[^，。；]{0,4}已经?(?:更正|纠正|修正|改正|解决|化解|调处)|疑似[^，。；]{0,8}已?(?:排除|消除)"
    "|(?:未|不|没有?|无|并未)(?:曾|有|存在|涉及|见|发现|发生|属于?)?(?:超(?:出|过)?(?:批准|批复|许可|审批|用地)|越界|超层|违法|非法)"
)
#: Stages before an approval, under a column that asks for the stage; 审查 in a remark says nothing.
_STAGE = re.compile(
    "报批|报件|申报|上报|报送|受理|审查|审核|审批|初审|会审|组卷|编制|拟|补正|征求意见|公示|预审|立项|草案"
)
_STAGE_DONE = re.compile("通过|同意|已批|批准|批复|获批|办结|完成|结束|归档|生效|下达|印发|已发证|颁发|现势|有效")
#: 权属状态 of the registration database: 0 临时, 1 现势, 2 历史, 3 终止 (from memory, confidence: assumed).
_TITLE_STATE = re.compile("QSZT|DJZT|权属状|登记状", re.IGNORECASE)
_TITLE_OVER = re.compile("[023](?:\\.0)?|.*(?:历史|临时|终止|往期|旧证|换证).*")
_WORD = "撤销|撤消|撤回|注销|吊销|解除|收回|失效|过期|到期|逾期|超期|作废|废止|退回|驳回|否决|取消|终止|中止|删除|越权"
#: Plainly denied, or of a burden and not of the document: 未撤销, 解除抵押, 查封注销.
_HARMLESS = re.compile(
    f"(?:未|没有|并未|尚未|从未|无|不存在|没)(?:被|曾|有|经)*(?:{_WORD})"
    "|(?:抵押|查封|异议|预告|冻结|轮候)(?:登记|权|状态)?(?:已|均|现已)?(?:注销|解除|撤销|取消)"
    "|(?:注销|解除|撤销|取消)(?:了|原)?(?:抵押|查封|异议|预告|冻结|轮候)"
)
#: The names of columns are cut in shapefiles (10 bytes: three to five characters), so 是否注销 may be 是否注.
_COLUMN_VOID = re.compile(
    "注销|撤销|作废|失效|收回|解除|吊销|废止|终止|退回|删除|是否已?经?[注撤作失收解吊废终退过取停删历]|SFZX|SFCX|SFZF|SFSC|SFLS|ZXRQ|ZXSJ|CXRQ|CXSJ|ZXYY|"
    "^(?:ZX|CX|ZF|SC|LS)B[ZJ]$|IS_?DEL|DEL_?FLAG|DELETED|历史标",
    re.IGNORECASE,
)
_COLUMN_VALID = re.compile(
    "有效|效力|生效|是否[有生批通获核]|SFYX|YXX$|YXBZ|SFPZ|SFTG|SFHP|SFSP|VALID|ISVALID|APPROVED", re.IGNORECASE
)
_COLUMN_STAGE = re.compile(
    "(?<![形现])状|环节|阶段|进度|进展|审批|审查|审核|办理|ZT$|^ZT|ZTMC$|SPHJ|SPJD|SPJG$|STATUS|STATE", re.IGNORECASE
)
_NO_STAGE = re.compile("机|单|部|人|时|日|文|号|料")  # 审批机关, also where it is cut to 审批机
_NO = (
    "",
    "0",
    "0.0",
    "否",
    "N",
    "NO",
    "F",
    "FALSE",
    "无",
    "未",
    "没有",
    "/",
    "-",
    "—",
    "不",
    "正常",
    "有效",
    "NULL",
    "NONE",
    "不涉及",
    "不适用",
    "暂无",
)
#: Answers of a column that asks whether a document is in force.
_IN_FORCE = (
    "",
    "1",
    "1.0",
    "是",
    "Y",
    "YES",
    "T",
    "TRUE",
    "OK",
    "有",
    "有效",
    "生效",
    "已生效",
    "正常",
    "NULL",
    "NONE",
)


@lru_cache(maxsize=65536)
def out_of_force(text: str, column: str = "") -> bool:
    """Whether a text says that its document is withdrawn, lapsed or not granted (yet); ``column``: the name it stands under.

    A column that asks (是否注销, SFYX) is answered by its yes and no; a date under 注销日期 is a yes.
    """
    plain = _BETWEEN_SIGNS.sub("", unicodedata.normalize("NFKC", text).strip())
    upper = plain.upper()
    if not plain:
        return False
    if column and _COLUMN_VOID.search(column):
        return upper not in _NO and not _HARMLESS.search(plain)
    if column and _COLUMN_VALID.search(column) and upper in ("0", "0.0", "否", "N", "NO", "F", "FALSE", "无", "不"):
        return True
    if column and _TITLE_STATE.search(column) and _TITLE_OVER.fullmatch(plain):
        return True
    message = _HARMLESS.sub("", plain)
    if column and _asks_for_a_stage(column) and _STAGE.search(message) and not _STAGE_DONE.search(message):
        return True
    return bool(_VOID.search(message))


#: Blanks between Chinese signs (作 废), which mean nothing.
_BETWEEN_SIGNS = re.compile("(?<=[\u4e00-\u9fff])\\s+(?=[\u4e00-\u9fff])")
#: A column of status, and codes there that nobody can read without the database's own list.
_CODED = re.compile("(?<![形现])状|ZT$|^ZT|ZTMC$|ZT[DB]M$|SPZT|STATUS|STATE", re.IGNORECASE)
#: Names that ask and do not say what: 是否失效 and 是否生效 are both SFSX, and what follows 是否已 may have been cut off.
_UNCLEAR = re.compile("SFSX|SXBZ|是否已?经?", re.IGNORECASE)
_CODE = re.compile("[A-Z0-9]{1,3}(?:\\.0+)?", re.IGNORECASE)
_YES = ("Y", "YES", "T", "OK")


@lru_cache(maxsize=65536)
def is_unknown_code(text: str, column: str) -> bool:
    """Whether a column of status holds a code whose meaning is not known (ZT = 0, 1, 2): neither in force nor out of it.

    权属状态 1 (现势) is known; SFYX, 是否有效 and the like ask a question and are answered by 0 and 1, not by other codes. A column
    whose question is not known (SFSX: 是否失效 or 是否生效; 是否已, cut) is answered by nothing.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if _UNCLEAR.fullmatch(column):
        return plain not in ("", "/", "-", "NULL", "NONE")
    if not _CODE.fullmatch(plain) or _COLUMN_VOID.search(column):
        return False
    if _COLUMN_VALID.search(column):
        return plain not in (*_IN_FORCE, *_NO)
    if plain in _YES:
        return False
    if _TITLE_STATE.search(column):
        return plain.partition(".")[0] != "1"
    return bool(_CODED.search(column))


@lru_cache(maxsize=65536)
def is_questioned(text: str) -> bool:
    """Whether a remark holds something against its document that does not end its force: 查无此文, 有争议, 待核实, 不含本地块."""
    plain = _BETWEEN_SIGNS.sub("", unicodedata.normalize("NFKC", text).strip())
    return bool(_QUESTIONED.search(_UNQUESTIONED.sub("", plain)))


#: What a name or kind says of its own document: (已撤销), 作废地块, 拆旧区. Stricter than a remark: a project may be about a mine that is closed.
_SAID = re.compile(
    "撤销|注销|吊销|作废|失效|废止|收回(?!后)|不予批准|未批准|待批|未供先用|(?:^|[（(_\\-])已?(?:取消|终止|停建|停用)|拆旧(?!建新)|复垦(?:区|地块)|"
    "只征收?[不未]转|征而[不未]转"
)
#: Their names, cut ones too.
_SAID_COLUMN = re.compile(
    "情况?|结果?$|处理|意见|标[识记]|性质?$|类[型别]?$|名称?$|LX$|LB$|XZ$|QK$|YJ$|JG$|BS$|MC$", re.IGNORECASE
)


def is_saying_column(name: str) -> bool:
    """Whether a column of this name, that is none of status, may still say that its document is none."""
    return bool(_SAID_COLUMN.search(name.rstrip("\ufffd")))  # half a character of a cut name


@lru_cache(maxsize=65536)
def is_said_to_be_none(text: str) -> bool:
    """Whether a name, kind or the like says that its document is withdrawn or none: 某项目（已撤销）, 作废地块, 拆旧区."""
    plain = _BETWEEN_SIGNS.sub("", unicodedata.normalize("NFKC", text).strip())
    return bool(_SAID.search(_HARMLESS.sub("", plain)))


_MAIN_ROAD = re.compile(r"国道|省道|县道|高速|国省干|铁路|(?<![A-Z])[GSX]\d{2,4}(?!\d)", re.IGNORECASE)


@lru_cache(maxsize=65536)
def is_main_road(text: str) -> bool:
    """Whether the name or number of a road is that of a highway (国道, 省道, 县道, G85, X208), which is no rural road."""
    return bool(_MAIN_ROAD.search(unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=65536)
def is_garbled(text: str) -> bool:
    """Whether a text was read in the wrong encoding: what it says is not known, which is not nothing."""
    return bool(_MOJIBAKE.search(text)) or _reads_as_utf8(text)


def _asks_for_a_stage(column: str) -> bool:
    return bool(_COLUMN_STAGE.search(column)) and not _NO_STAGE.search(column)


#: Names of columns that may say something about the force of a document, beside the status a catalogue names.
_STATUS_COLUMN = re.compile(
    "(?<![形现])状|备注|说明|效力|有效|注销|撤销|作废|失效|收回|解除|吊销|废止|终止|退回|删除|历史标|现势|是否已?经?[注撤作失收解吊废终退过取停删历有生批通获核]|^是否已?经?\ufffd*$|"
    "审批|审查|审核|核准|环节|阶段|进度|进展|结论|"
    "^BZ\\d?$|^BEIZHU$|^SM$|ZT$|^ZT|ZTMC$|ZT[DB]M$|SFYX|SFZX|SFCX|SFZF|SFSC|SFLS|SFSX|^(?:ZX|CX|ZF|SC|LS|SX)B[ZJ]$|ISDEL|DELFLAG|DELETED|ZXYY|SFPZ|SFTG|SFHP|SFSP|SPHJ|SPJD|SPJG$|SPYJ|SPZT|YXX$|YXBZ|VALID|ZXRQ|ZXSJ|CXRQ|CXSJ|STATUS|STATE|REMARK|MEMO|NOTE",
    re.IGNORECASE,
)
_TERM_COLUMN = re.compile("终止(?:时间|日期)|有效期|期限|^YXQ", re.IGNORECASE)


def is_status_column(name: str) -> bool:
    """Whether a column of this name is read for the force of its document."""
    return bool(_STATUS_COLUMN.search(name)) and not _TERM_COLUMN.search(name)


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
    """The level of the authority that a text names (:data:`NATION` … :data:`COUNTY` and below); None where it cannot be told."""
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
