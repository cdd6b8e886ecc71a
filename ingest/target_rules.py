"""Read what a quantity is of: its indicator, qualifier, place, year and kind, by rules for any plan.

Works clause by clause on what `target_values` finds; `targets` keeps the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.target_values import Value, half_width

_CUT = re.compile(r"[，,；;。！\n]|:(?!\d)|——")
_TIME = re.compile(
    r"(?:力争|确保|争取)?(?:展望)?(?:到|至|截至|截止)?(?:“[一二三四五六七八九十]+五”(?:时期|期间)?|\d{4}年?)?"
    r"(?:期?末|前|底|以来|年均|左右)?\s*"
)
_LEAD = re.compile(
    r"^(?:(?:到|至|截至|截止|自|展望)?(?:\d{4}年(?:底|末|前)?|“[一二三四五六七八九十]+五”(?:时期|期间|期?末|以来)?)[,，、]?|"
    r"力争|确保|争取|预计|其中|使|促使|推动|实现|全市(?!域)|我市|全省|重点|再用\d+年(?:左右)?|连续\d+年|[五5]年(?:累计)?|"
    r"累计|年均|每年|年度|分别|均|总计|还|也|并|将|并?于\d{4}年|历史性|成功|全面|进一步|基本|平均|已经?|超过|超|新增(?=产业集群))+"
)
_ACT = re.compile(
    r"^(?:打造|建设|建成(?!区)|培育(?:形成|打造)?|推进|推动|形成|实现|构建|完成|落实|支持|创建|布局|组织|开展|新建和改造|"
    r"培育壮大|做大做强|加快|积极|着力|努力|大力|遴选培养|遴选|创造|拥有|提高到|获批|荣获|改善|保持|稳定|集聚|集聚各类|打响|了)+"
)
_TAIL = re.compile(
    r"(?:力争|争取|预计|均|分别|稳定|可|都|已|将|再|约|近|超过?|超|突破|高于|低于|不低于|不高于|不少于|不超过|大于|小于|"
    r"至少|最多|达到?|提高到?|提升[到至]?|提高至|增加[到至]?|增至|增长到|扩大到|降至|降到|降低到|下降到|压减到|控制在|稳定在|"
    r"增长至|实现|站稳|过|保持在|维持在|缩小[到至]|迈[入上]|跨[入上]|跃升至|升至|跻身|跃居|位居|位列|由|从|为|占|是|的|有|到|至|在|共|每年|累计|年均(?!增)|连续\d+年|[>＞≥<＜≤“(（:])+$"
)
_QUALIFIERS = (
    "力争|争取|确保|预计|不低于|不高于|不少于|不超过|低于|高于|超过|超|突破|至少|最多|大于|年均|累计|平均每年|每年|"
    "控制在|稳定在|保持在|连续\\d+年"
)
_BEFORE = re.compile(rf"{_QUALIFIERS}|约(?=\s*$)|近(?=\s*$)")
_AFTER = re.compile(r"左右|以上|以内|以下|之内|上下|余|多")
_PLACE = re.compile(
    r"^(?:全市|全省|全国|主城区|中心城区|核心区|城市建成区|建成区|市域|市内|县域|全域|农村地区|东部地区|"
    r"[\u4e00-\u9fff]{2,5}?(?:特别合作区|合作区|新区|自贸区|科学城))"
)
_NOUN_STOP = re.compile(r"[，,；;。、:（(\s]|——|(?<!高)等(?!级|候)")
_LISTED = re.compile(r"[^，,；;。“”\d]{1,16}(?:、[^，,；;。“”\d]{1,16}){1,4}等[^，,；;。、和\d]+")
_CONNECTIVE = re.compile(r"(?:和|与|及|以及|并|占|达|为|至|到|且|或)$")
_NO_NOUN = re.compile(
    r"^(?:$|[，,；;。、:）)”\s]|和|与|及|并|且|目标|水平|台阶|大关|提|增|降|缩|调整|下降|达|的政策|级)"
)
_BARE = re.compile(r"^(?:年均)?(?:增长|增速|增幅|提高|下降|降低|减少|增加)$")
_GENERIC = re.compile(r"^(?:产业集群|产业基地|目标|规模|总量|其中|)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what a sentence says of one of its quantities."""

    indicator: str
    qualifier: str
    scope: str


def read(sentence: str, values: list[Value], index: int, heading: str) -> Reading:
    """Read the indicator, qualifier and place of one quantity of a sentence."""
    text, value = half_width(sentence), values[index]
    start = _clause_start(text, value.start, values[index - 1].end if index else 0)
    before = text[start : value.start]
    indicator = _paired(text, values, index) or _indicator(text, values, index, before, _rest(text, values, index))
    scope = _scope(before, indicator)
    if _GENERIC.match(indicator):
        heading = re.sub(r"^(?:发展|壮大|做强|做优|打造|培育|\d+[.．、])+", "", heading)
        scope = scope or (heading if len(heading) <= 14 else "")
        indicator = indicator or heading
    return Reading(indicator.replace("分别", ""), qualifiers(text, values, index, before), scope)


def _rest(text: str, values: list[Value], index: int) -> str:
    """Return what follows a quantity, up to the next; beyond it where that only describes the thing counted."""
    end = values[index].end
    if index + 1 == len(values):
        return text[end:]
    limit = values[index + 1].start
    if limit == end:
        return _rest(text, values, index + 1)
    described = re.match(r"[^，,；;。、和及与]*", text[end:])
    reach = end + described.end() if described else end
    return text[end:] if limit < reach and "的" in text[values[index + 1].end : reach] else text[end:limit]


def qualifiers(text: str, values: list[Value], index: int, before: str) -> str:
    """Return the words that bound or spread a quantity, joined by 、, in order."""
    value = values[index]
    said = [m[0] for m in _BEFORE.finditer(before)]
    first = _series(text, values, index)
    if first != index:
        lead = text[
            _clause_start(text, values[first].start, values[first - 1].end if first else 0) : values[first].start
        ]
        said = [m[0] for m in _BEFORE.finditer(lead)] + said
    said += _AFTER.findall(text[value.start : value.end])
    return "、".join(dict.fromkeys(said))


def _series(text: str, values: list[Value], index: int) -> int:
    """Return the first quantity of the series A和B, A、B that a quantity stands in."""
    while index and re.fullmatch(r"\s*(?:和|、|以及|与|及|,)\s*", text[values[index - 1].end : values[index].start]):
        index -= 1
    return index


def _clause_start(text: str, position: int, floor: int) -> int:
    """Return where the clause before `position` begins; a time phrase before it belongs to it."""
    start = floor
    for cut in _CUT.finditer(text, floor, position):
        if not _TIME.fullmatch(text, start, cut.start()) or cut.start() == start:
            start = cut.end()
    return start


def _paired(text: str, values: list[Value], index: int) -> str:
    """Pair A和B分别为X和Y: the n-th indicator with the n-th quantity."""
    first = _series(text, values, index)
    last = index
    while last + 1 < len(values) and _series(text, values, last + 1) == first:
        last += 1
    if first == last:
        return ""
    lead = text[_clause_start(text, values[first].start, 0) : values[first].start]
    lead = _LEAD.sub("", lead)
    head, together, rest = lead.partition("分别")
    names = [n for n in re.split(r"和|与|、|以及|及", _TAIL.sub("", head)) if n]
    count = last - first + 1
    if not together:
        return ""
    shared = _TAIL.sub("", rest)
    if len(names) == count:
        common = re.search(r"(?:年均增长|增速|减少|排放|(?:增加值|产值|收入|人数).*)$", names[-1])
        ending = common[0] if common and not names[index - first].endswith(common[0]) else ""
        return names[index - first] + ending + shared
    if count == 2 and "城乡居民" in head:
        return _TAIL.sub("", head).replace("城乡居民", ("城镇居民", "农村居民")[index - first]) + shared
    return ""


def _indicator(text: str, values: list[Value], index: int, before: str, after: str) -> str:
    value = values[index]
    subject, noun = _subject(_own(text, values, index, before)), _noun(after)
    measured = value.unit in {"%", "‰", "个百分点", "位", "倍", "比", ""}
    if noun and (value.counted or not subject) and not (measured and subject):
        return noun
    if noun and not measured and not _TAIL.search(before) and "的" not in noun[:1]:
        return noun if len(subject) < 2 or re.match(_ACT, subject + " ") else subject + noun
    if _BARE.match(subject):
        return _inherited(text, values, index) + subject.removeprefix("年均")
    if index and subject.startswith("占"):
        return _inherited(text, values, index) + subject
    if subject:
        return subject + noun if len(subject) <= 6 and not after.startswith("的") else subject
    return _inherited(text, values, index)


def _own(text: str, values: list[Value], index: int, before: str) -> str:
    """Part a clause from the noun of the quantity before it, or join them: 600米半径人口覆盖率 is one indicator."""
    if not index or values[index].start - len(before) != values[index - 1].end or re.match(r"[、和与及\s]", before):
        return before
    pieces = re.split(r"、|和|与|以及", before)
    if len(pieces) > 1:
        return pieces[-1]
    return text[_clause_start(text, values[index].start, 0) : values[index].start] if _subject(before) else before


def _inherited(text: str, values: list[Value], index: int) -> str:
    """Take the subject of the clause before, or of the quantity before, where a clause has none."""
    floor = values[index - 1].end if index else 0
    clauses = [c for c in _CUT.split(text[floor : values[index].start])[1 if index else 0 : -1] if c]
    subject = _subject(clauses[-1]) if clauses else ""
    if subject and len(subject) <= 24:
        return subject
    if not index:
        return ""
    earlier = values[index - 1]
    start = _clause_start(text, earlier.start, values[index - 2].end if index > 1 else 0)
    found = _indicator(text, values, index - 1, text[start : earlier.start], "")
    return re.sub(r"(?:增长|增速)$", "", found)


def _subject(before: str) -> str:
    """Strip time, place-less openings and verbs from a clause up to its quantity."""
    subject = re.sub(r"^[\s、和与及以并”）)]+", "", before.strip())
    subject = re.sub(r"(?:由|从)\d{4}年的?$|(?:调整为|由|从|比|较)?\d{4}年(?:的|提高近?|增长|翻)?$", "", subject)
    while True:
        shorter = _TAIL.sub("", _LEAD.sub("", subject)).strip(" ,，、:(（")
        shorter = re.sub(
            r"^[是为](?:“[^”]*”|\d{4}年)[^的]{0,6}的?$|^(?:跃居|位居|位列|居|升至|排名)?(?:世界|全国|全省)$",
            "",
            shorter,
        )
        shorter = re.sub(r"(?:由|从)\d{4}年的?$|(?:比|较|在)(?:\d{4}年|“[^”]+”期?末?)(?:基础上)?$", "", shorter)
        if shorter == subject:
            break
        subject = shorter
    return re.sub(_ACT, "", subject).strip(" ,，、")


def _noun(after: str) -> str:
    """Return the thing counted, which follows its number: 3000个左右 → 电动汽车充电桩."""
    if _NO_NOUN.match(after):
        return ""
    quoted = re.match(r"“[^”]*”", after)
    head = quoted[0] if quoted else ""
    listed = _LISTED.match(after)
    if listed:
        return listed[0][:40]
    noun = head + _NOUN_STOP.split(after[len(head) :].lstrip("的"), maxsplit=1)[0]
    noun = re.sub(r"(?:和|与|及|以及)(?:一批|“).*$", "", noun)
    return _TAIL.sub("", _CONNECTIVE.sub("", noun.strip()))[:40]


def _scope(before: str, indicator: str) -> str:
    if re.search(r"率(?:和|、)", indicator):
        return ""
    subject = re.sub(r"^(?:到|至)?\d{4}年[,，]?", "", before.strip("、和与及 "))
    for text in (subject, indicator):
        place = _PLACE.match(_ACT.sub("", re.sub(r"^(?:力争|确保)", "", text)))
        if place:
            return place[0]
    return ""
