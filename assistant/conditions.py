"""Check the conditions a question sets (place, year, attribute, figure) against a claim."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from assistant.question import Asks, Question, figures_in
from ingest.knowledge import read_aliases
from ingest.model import Plan
from ingest.normal import fold, normalise

_PLACES = Path(__file__).parent / "data" / "places.tsv"

# What a question asks to be measured, and what a sentence that gives it must hold.
_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    (r"多少钱|花(了|费)?多少|造价|总投资|投资额|预算|耗资|几个亿|多少(亿|万)?元|票价|价格|罚款|补贴多少|工资多少|\bhow much (does|will|did|would)\b.*\b(cost|invest|pay)|\b(total|construction) (investment|cost)s?\b|\bbudget\b|\bhow much money\b|\bprice of\b|\bin yuan\b", r"元|美元|免费"),
    (r"(哪一?年|什么时候|何时|哪天|几月|啥时候|几时)|\bwhen\b|\bwhat (year|date)\b|\bby what date\b|\bopening date\b", r"(19|20)\d\d|二〇|十[三四五]五|年底|年内|五年|今年|春|夏|秋|冬"),
    (r"百分之几|百分比|百分点|占比|比例|比重|覆盖率|普及率|达标率|利用率|增速|几成|\bpercent|\bpercentage\b|\bshare of\b|\bproportion\b|\bcoverage rate\b", r"%|百分|成|翻|倍|全覆盖|同步|清零|:"),
    (r"(多少|几)(公里|千米)|(全长|里程|总长).{0,6}(多少|几)|\bhow (long is|many kilomet)|\bkilomet\w+ of\b", r"公里"),
    (r"(多少|几)(万|亿)?(亩|公顷|平方)|面积.{0,6}(多少|多大)|\bhow (large|big) an? area|\bhectares?\b", r"亩|公顷|平方|%"),
    (r"(多少|几)(万)?千瓦|装机容量|\bmegawatts?\b|\binstalled capacity\b|\bGW\b", r"千瓦|比例"),
    (r"(多少|几)(万|亿)?吨|产量|\btonnes?\b|\bdaily output\b", r"吨"),
    (r"(多少|几)(位|名|万人|个人|人)(?!均)|\bhow many (people|jobs|staff|doctors|nurses|foreigners|talents)\b", r"人|名|位"),
    (r"电话|联系方式|网址|邮箱|地址|微信|\bphone\b|\bemail\b|\baddress\b|\bwebsite\b|\bcontact\b", r"12345|12315|www|@"),
    (r"(书记|市长|局长|主任|领导|负责人).{0,8}(是谁|叫什么|名字|哪位)|哪位(领导|负责人|市长)|\bwho is the (mayor|secretary|director|head|chief)|\bcontractor\b|中标|承包商", r"某某某"),
)  # fmt: skip
_REVERSAL = re.compile(
    r"停建|停办|停止|取消|放弃|禁止|不再|关闭|关停|暂停|推迟|延后|废除|撤销|撤掉|砍掉|拆掉|拆除|削减|减少到|缩减|下调|收回|迁到|迁往|搬到|搬去|卖给|卖掉|合并到|减半|为什么(要)?只有|为什么(不|没)|不办|失去|丢了"
    r"|\b(ban|bans|banned|banning|cancel|cancels|cancelled|canceled|abandon|abandons|abandoned|abolish\w*|scrap|scraps|scrapped|halt|halts|halted|shut|shutting|close down|closing|halve|halves|stop|stops|stopped|lose|lost|drop|drops|dropped|withdraw|withdrew|postpone\w*|delay\w*|reject\w*|refuse\w*|demolish\w*|relocat\w*|give up|giving up|phase out|cut|cuts|cutting|sell off|replace|privati[sz]e)\b"
)
_WHY = re.compile(
    r"为什么|为何|为啥|凭什么|原因|理由|考虑|依据|既然|怎么(会|就)|\bwhy\b|\bwhat (led|made|caused)\b|\breasons?\b|\bsince the plan\b|\bgiven that\b|\bhow come\b"
)
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
    "phase": "淘汰",
}


@cache
def _places() -> dict[str, str]:
    """Map every name of a place, Chinese or English, to its Chinese name."""
    table = read_aliases(_PLACES)
    names = {zh: zh for zh in table}
    names |= {fold(en): zh for zh, english in table.items() for en in english}
    return names


def places_in(text: str) -> set[str]:
    """Return the Chinese names of the places that a text names."""
    folded = fold(text)
    found = {zh for name, zh in _places().items() if not name.isascii() and name in folded}
    found |= {zh for name, zh in _places().items() if name.isascii() and re.search(rf"\b{re.escape(name)}\b", folded)}
    return found


def unmet_place(question: Question, plan: Plan, text: str) -> str | None:
    """Return a place that the question names and neither the plan's own name nor the claim does."""
    own = places_in(plan.info.title) | places_in(plan.info.place)
    return next((p for p in sorted(places_in(question.text)) if p not in own and p not in text), None)


def unmet_year(question: Question, plan: Plan, text: str, *, review: bool, vision: bool) -> int | None:
    """Return a year that the question names and that the claim does not speak of.

    A target without a year is meant for the plan's last year, a review for the year before its
    first, a vision for 2035.
    """
    if not question.years:
        return None
    first, last = plan.info.period or (0, 0)
    folded = normalise(text)
    spoken = {int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", folded)}
    meant = {first - 1} if review else {2035} if vision else {last}
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


def contradicted(question: Question, text: str) -> bool:
    """Say whether a question takes for granted a reversal or a figure that the claim does not bear out."""
    folded, claim = fold(question.text), fold(text)
    reversal = _REVERSAL.search(folded)
    if reversal:
        word = next((zh for en, zh in _TO_ZH.items() if reversal[0].startswith(en)), reversal[0])
        presumed = _WHY.search(folded) or re.search(
            r"规划(提出|要求|决定|规定)|plan('s)? (decision|call|propos|want|require)", folded
        )
        if presumed and not re.search(word, claim):
            return True
    return bool(
        _WHY.search(folded) and question.figures and figures_in(text).isdisjoint(question.figures) and figures_in(text)
    )
