"""Check the conditions a question sets (place, year, attribute, figure) against a claim."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from assistant.question import Asks, Question, figures_in
from index.words import segmenter
from ingest.headings import to_int
from ingest.knowledge import read_aliases
from ingest.model import Plan
from ingest.normal import fold, normalise
from ingest.target_tables import is_row

_PLACES = Path(__file__).parent / "data" / "places.tsv"
_INDICATORS = Path(__file__).parent / "data" / "indicators.tsv"

# What a question asks to be measured, and what a sentence that gives it must hold.
_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    (r"多少钱|花(了|费)?多少|造价|总投资|投资额|投多少|预算|耗资|砸(多少|几)|多少(亿|万)?元|票价|价格|罚款|过路费|收费|学费|补贴.{0,4}(多少|几)|工资.{0,4}多少|\bhow much (does|will|did|would)\b.*\b(cost|invest|pay)|\b(total|construction) (investment|cost)s?\b|\bbudget\b|\bhow much money\b|\bprice of\b|\bin yuan\b|\b(fee|toll|fare|tuition)s?\b", r"元|美元|免费"),
    (r"(哪一?年|什么时候|何时|哪天|几月|啥时候|几时).{0,8}(通|建成|完工|开工|开业|投|竣工|启用|开通|开始|结束)|几月几号|几号(开|通)|(通车|建成|完工|开工|投用|开通|开业|竣工)(时间|日期)|\bopening date\b|\b(when|what (year|date)) .{0,60}(open|complet|finish|start|operat|built)", r"(19|20)\d\d|二〇|十[三四五]五|年底|年内|五年"),
    (r"百分之几|百分比|百分点|占比|比例|比重|覆盖率|普及率|达标率|利用率|增速|几成|\bpercent|\bpercentage\b|\bshare of\b|\bproportion\b|\bcoverage rate\b", r"%|百分|成|翻|倍|全覆盖|同步|清零|:"),
    (
        r"(?<!哪)(几|多少)(座|个(?!百分|点)|家|所|条|处|辆|台|张)",
        r"\d+(余|多|左右)?(座|个|家|所|条|处|辆|台|张|项|名|类|大|片|组|级|种)|[一二三四五六七八九十两](个|大|座|条|家|所|项|类|片|组|级|种|名)|翻一番|倍|、",
    ),
    (r"(多少|几)(公里|千米)|(全长|里程|总长).{0,6}(多少|几)|\bhow (long is|many kilomet)|\bkilomet\w+ of\b", r"公里"),
    (r"(多少|几)(万|亿)?(亩|公顷|平方)|面积.{0,6}(多少|多大)|\bhow (large|big) an? area|\bhectares?\b|\bsquare (kilo)?met\w+|\b(land|floor) area\b", r"亩|公顷|平方|%"),
    (r"超龄|年龄|几岁|多大(岁数|年纪)|\bage (limit|cap)\b|\bhow old\b", r"岁"),
    (r"哪个?(区|县|镇|街道)|\bwhich (district|county|town)s?\b", r"区|县|镇|街道|岛|湾|市"),
    (r"(多少|几)(万)?千瓦|装机容量|\bmegawatts?\b|\binstalled capacity\b|\bGW\b", r"\d\s*万?(千瓦|兆瓦)"),
    (r"(多少|几)(万|亿)?吨|产量|\btonnes?\b|\bdaily output\b", r"吨"),
    (r"多少(观众|游客|旅客|乘客|学生|老师|居民|住户|户)|\bhow many (spectators|seats|visitors|students|residents|households)\b", r"\d.{0,5}(人|名|位|户|座)"),
    (r"(多少|几)(位|名|万人|个人|人)(?!均)|\bhow many (people|jobs|staff|doctors|nurses|foreigners|talents)\b", r"\d[^,，。]{0,6}(人(?!均)|名|位|people|jobs)|[一二三四五六七八九十百千万](人|名|位)"),
    (r"电话|联系方式|网址|邮箱|地址|微信|拨哪个号|\bphone\b|\bemail\b|\baddress\b|\bwebsite\b|\bcontact\b", r"12345|12315|www|@"),
    (r"(书记|市长|局长|主任|领导|负责人|设计师|院长).{0,8}(是谁|叫什么|名字|哪位)|哪位(领导|负责人|市长)|\bwho is (the (mayor|secretary|director|head|chief)|designing|building|funding)|\bcontractors?\b|中标|承包商|\bname the (director|mayor|head|designer)", r"某某某"),
    (r"哪(家|些|几家)(央企|国企|公司|企业|航司|航空公司|银行|开发商|机构)|\bwhich (airlines?|compan\w+|firms?|banks?|developers?|investors?)\b", r"公司|集团|银行|造船|机车|重工|航空公司|院所|恒力"),
    (r"(叫什么名字|名单|分别叫什么|名字分别)", r"“|、"),
    (r"哪条(街|路|街道)|哪个街道|几楼|门牌|\bwhich street\b", r"街|路"),
)  # fmt: skip
_PRESUMED = re.compile(
    r"为什么|为何|为啥|凭什么|原因|理由|考虑|依据|既然|怎么(会|就|个)|准备怎么|具体怎么|什么时候|哪些区|补偿|替代|怎么安置|规划(提出|要求|决定|规定|准备|为啥)|依然|都.{0,6}在哪"
    r"|\bwhy\b|\bwhat (led|made|caused|replaces?|happens?|compensation)\b|\breasons?\b|\bsince\b|\bgiven that\b|\bhow come\b|\bnow that\b|\bplan('s)? (decision|call\w*|propos\w*|want\w*|requir\w*|ban\w*|scrap\w*)|;"
)
_VALUE = re.compile(r"总量|gdp|生产总值|规划(里|中|定)|指标|常住人口|\bpopulation\b|\btarget\b")
_WHY = re.compile(
    r"为什么|为何|为啥|凭什么|原因|理由|既然|考虑|依据|\bwhy\b|\bhow come\b|\bgiven that\b|\bsince the plan\b"
)
_REVERSAL = re.compile(
    r"停建|停办|停止|取消|放弃|终止|叫停|禁止|不再|关闭|关停|暂停|推迟|延后|废除|废止|撤销|撤掉|砍掉|拆掉|拆除|削减|缩减|下调|统一收回|收回去|迁到|迁往|搬到|搬去|卖给|卖掉|减半|失去|丢了|退出|淘汰掉|为什么(要)?只有|为什么(不|没)"
    r"|\b(bans?|banned|banning|cancel\w*|abandon\w*|abolish\w*|scrap\w*|halt\w*|shut\w*|close down|closing|halve[sd]?|stop(s|ped)?|lose|lost|dropp?(ed|s|ing)|withdr[ae]w\w*|postpon\w*|delay\w*|reject\w*|refus\w*|demolish\w*|relocat\w*|giv(e|ing) up|phas(e|ed|ing) out|terminat\w*|cut(s|ting)?|sell(ing)? off|privati[sz]\w*|without renewal|no longer)\b"
)
_GROWTH = re.compile(
    r"翻一番|翻倍|翻两番|扩大一倍|再扩大|增设|大幅增加|成倍|\bdoubl\w+|\btripl\w+|\bexpand(s|ed|ing)?\b.*\b(by|twice)"
)
_CURB = re.compile(r"减少|严控|严格控制|不增加|压缩|降低|适度可控|控制规模")
_CELLS = re.compile(r"\s+|(?:预期|约束)性")  # what stands between the name and the value in a row of a table
_TO_ZH = {
    "ban": "禁止",
    "cancel": "取消",
    "clos": "关闭",
    "halv": "减半",
    "stop": "停止",
    "los": "失去",
    "delay": "推迟",
    "relocat": "迁|搬",
    "cut": "压缩|减",
    "demolish": "拆",
    "replace": "替代",
    "phas": "淘汰",
    "terminat": "终止",
    "no longer": "不再",
}


@cache
def _places() -> dict[str, str]:
    """Map every name of a place, Chinese or English, to its Chinese name."""
    table = read_aliases(_PLACES)
    names = {zh: zh for zh in table}
    names |= {fold(en): zh for zh, english in table.items() for en in english}
    return names


@lru_cache(maxsize=2_000)
def places_in(text: str) -> frozenset[str]:
    """Return the Chinese names of the places that a text names."""
    folded = fold(text)
    found = {zh for name, zh in _places().items() if not name.isascii() and name in folded}
    found |= {zh for name, zh in _places().items() if name.isascii() and re.search(rf"\b{re.escape(name)}\b", folded)}
    return frozenset(found)


def names_of(places: frozenset[str]) -> list[str]:
    """Return every name, Chinese or English, of places given by their Chinese names."""
    return [name for name, zh in _places().items() if zh in places]


def unmet_place(question: Question, plan: Plan, text: str) -> str | None:
    """Return a place that the question names and neither the plan's own name nor the claim does."""
    if question.asks != Asks.FIGURE and not _VALUE.search(fold(question.text)):
        return None
    own = places_in(plan.info.title) | places_in(plan.info.place)
    return next((p for p in sorted(places_in(question.text)) if p not in own and p not in text), None)


def unmet_year(question: Question, plan: Plan, text: str, *, review: bool, vision: bool) -> int | None:
    """Return a year that the question names and that the claim does not speak of.

    A target without a year is meant for the plan's last year, a review for the year before its
    first, a vision for 2035; a row of a table gives both where the plan starts from and its goal.
    """
    if not question.years:
        return None
    first, last = plan.info.period or (0, 0)
    folded = normalise(text)
    spoken = {int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", folded)}
    meant = {first - 1, last} if is_row(text) else {first - 1} if review else {2035} if vision else {last}
    named = [y for y in question.years if y not in spoken | meant]
    return named[0] if len(named) == len(question.years) else None


def unmet_attribute(question: Question, text: str) -> bool:
    """Say whether the question asks for a kind of value that the claim does not hold."""
    folded, claim = normalise(question.text), normalise(text)
    if question.asks == Asks.WHETHER:
        return False
    return any(re.search(asked, folded) and not re.search(needed, claim) for asked, needed in _ATTRIBUTES)


def unmet_number(question: Question, text: str) -> bool:
    """Say whether a question names a numbered thing, such as line 4 or phase 3, that the claim does not."""
    named = re.findall(r"\d+(?=号线|号院|号楼|号令)|(?<=line )\d+", normalise(question.text))
    return any(f"{number}号" not in normalise(text) for number in named)


def contradicted(question: Question, plan: Plan, text: str) -> bool:
    """Say whether a question takes for granted what the claim does not bear out.

    A reversal (cancelled, moved away), growth where the plan curbs, a figure that the claim gives
    otherwise, or a chapter that the plan does not have.
    """
    folded, claim = fold(question.text), fold(text)
    if question.asks != Asks.WHETHER and _PRESUMED.search(folded):
        reversal = _REVERSAL.search(folded)
        if reversal:
            word = next((zh for en, zh in _TO_ZH.items() if reversal[0].startswith(en)), reversal[0])
            if not re.search(word, claim):
                return True
    if question.asks != Asks.WHETHER and _GROWTH.search(folded) and _CURB.search(claim) and not _GROWTH.search(claim):
        return True
    if any(number > len(plan.chapters()) for number in chapters_in(folded)):
        return True
    figures = figures_in(text)
    return bool(_WHY.search(folded) and question.figures and figures and figures.isdisjoint(question.figures))


def chapters_in(folded: str) -> list[int]:
    """Return the numbers of the chapters that a question names."""
    found = re.findall(r"第([一二三四五六七八九十\d]+)章|chapter (\d+)", folded)
    return [to_int(zh or en) for zh, en in found]


@cache
def _indicators() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Read the indicators of main tables: how they are asked for, and what gives their value."""
    lines = [line.split("\t") for line in _INDICATORS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return tuple((re.compile(asked), re.compile(given)) for asked, given in lines)


def unmet_indicator(question: Question, text: str) -> bool:
    """Say whether a question asks for an indicator of main tables whose value the claim does not give."""
    folded, claim = fold(question.text), _CELLS.sub("", fold(text))
    if question.asks in (Asks.MEASURES, Asks.WHETHER, Asks.MEANING):
        return False
    return any(asked.search(folded) and not given.search(claim) for asked, given in _indicators())


def unmet_district(question: Question, plan: Plan) -> str | None:
    """Return a district, county or town that a question names and the plan never does."""
    folded = fold(question.text)
    if not re.search(r"区|县|镇|街道", folded):
        return None
    words = segmenter().cut(folded)
    named = [w for w in words if len(w) > 2 and re.search(r"(区|县|镇|街道)$", w) and segmenter().FREQ.get(w)]
    generic = re.compile(r"(小|社|园|地|城|景|市|校|厂|片|库|郊|辖|新|湾|商业|开发|经济)区$|乡镇$|区县$|城镇$")
    return next((w for w in named if w not in plan.text and not generic.search(w)), None)
