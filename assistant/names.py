"""Find the things that a question names, as the plan writes them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import accumulate

from assistant.conditions import names_of, places_in
from assistant.question import Question
from index.search import Searcher
from index.words import segmenter
from ingest.model import Plan
from ingest.normal import fold

NOISE = re.compile(
    r"《[^》]*》|规划(纲要|全文|里|中)?|纲要|前前后后|一股脑|给我|主要|做法|指标|目标|数字|方面|散在|好几处|帮着|串一串|这块|这地方|安排|一共|几件事|归拢|一下|一块儿|(请|帮我)?(把|将)|梳理|汇总|盘点|从头到尾|一遍|全文|通篇|综合|相关(内容|的)?|所有(的|关于|跟)?|(列出|说说|找出|给出)全部|全部(列|内容|目标|指标|说法)|内容|都?(提到|讲到|出现|涉及|说到)(过|了)?|哪[一二两三四五几些个]*|章节?|各章|分别|在|里|怎么说|怎么讲|说了|什么|的|有|是|都|列出|多少|吗|呢|关于|对|方面|了|过|和|承担|说"
    r"|[?？,，。、!！]|\b(collect|everything|the|plan|says?|about|which|chapters?|sections?|mentions?|what|roles?|does|do|play|in|different|where|talk|of|and|on|all|list|is|are|how|throughout|whole|across|it|working|with|refer|to|speak|gather|points|that|there|for|document|come|comes|please|rundown|summari[sz]e|give|me|up|named|every|chapters,|refer|refers|text|put|pull|bring|together|sum)\b"
)

_QUOTED = re.compile(r"[“\"‘《]([^”\"’》]{2,20})[”\"’》]")
_BRACKETED = re.compile(r"[(（]([^)）]*)[)）]")
_OBJECT = re.compile(
    r"(?:提到|讲到|涉及|涉(?!及)|谈到|说到|写到|写了|出现)(?:过|了)?(?![过了在])([^,，。?？、的]{1,12})"
    r"|([^,，。?？、]{2,12}?)(?:都?(?:提到|讲到|出现))?(?:在|于)(?:规划|纲要|全文|文件|这份|哪[些几]?个?[章节])"
)


def content_of(text: str, plan: Plan) -> str:
    """Fold a question and take out the words that ask, and the place that the whole plan is about."""
    return NOISE.sub(" ", _own_place(plan.info.title, plan.info.place).sub(" ", fold(text)))


@cache
def _own_place(title: str, place: str) -> re.Pattern[str]:
    """Match the names of a plan's own place, but not as part of another name: 大连湾, 南京港."""
    own = names_of(places_in(f"{title} {place}"))
    chinese = [re.escape(n) for n in own if not n.isascii()]
    english = [re.escape(n) for n in own if n.isascii()]
    return re.compile(
        rf"(?:{'|'.join(chinese) or '(?!)'})市?(?![湾港站北商理机重造海])|\b(?:{'|'.join(english) or '(?!)'})\b"
    )


class Names:
    """Find names in questions about one plan."""

    def __init__(self, searcher: Searcher) -> None:
        self._aliases, self._plan = searcher.aliases, searcher.plan
        self._folded = [fold(p.text) for p in searcher.plan.passages]

    def asked(self, question: Question) -> list[str]:
        """Return the things a question is about: those in quotes, else its rarest stretch and those in brackets."""
        text = fold(question.text)
        if known := self._known(_QUOTED.findall(text)):
            return known
        bracketed = self._known(_BRACKETED.findall(text))
        text = _BRACKETED.sub(" ", text)
        objects = [next(filter(None, found)) for found in _OBJECT.findall(text)]
        if known := self._known(objects):
            return list(map(self.short, known))
        objects = list(filter(None, (content_of(o, self._plan).strip() for o in objects)))
        rest = " ".join(objects) or content_of(text, self._plan)
        stretches = [w for run in rest.split() for w in (self.shared(run) or [run]) if self.spread(w)]
        best = sorted(stretches, key=lambda w: self.spread(w) / len(w) ** 2)[:1]
        expanded = [w for w in self._aliases.expand(rest) if self.spread(w)]
        return list(map(self.short, [*(best if objects or not bracketed else []), *bracketed])) or expanded

    def _known(self, stretches: list[str]) -> list[str]:
        """Return the names of stretches, which may list several, that the plan uses."""
        parts = [p for s in stretches for p in re.split(r"[/、,，和与及或]|都算|等$|包?含", s)]
        return [p for p in dict.fromkeys(map(str.strip, parts)) if len(p) > 1 and self.spread(p)]

    def shared(self, run: str) -> list[str]:
        """Return the longest stretches of a run of text that stand in the plan, of two characters or more."""
        found, start = [], 0
        while start < len(run) - 1:
            end = start + 2
            while end <= len(run) and self.spread(run[start:end]):
                end += 1
            if end > start + 2:
                found.append(run[start : end - 1])
            start = max(start + 1, end - 1 if end > start + 2 else start + 1)
        return found

    @lru_cache(maxsize=4_096)  # noqa: B019 - one instance a plan, for the life of the process
    def spread(self, word: str) -> int:
        """Return in how many passages a word stands; 0 also for one that stands nearly everywhere."""
        count = sum(word in text for text in self._folded)
        return count if count < 0.3 * len(self._folded) else 0

    def short(self, name: str) -> str:
        """Return the first words of a name, half of it or more, when the plan uses them more widely: 沪连合作 → 沪连."""
        ends = list(accumulate(map(len, segmenter().cut(name))))
        stems = [name[:end] for end in reversed(ends) if len(name) - 2 >= end >= max(2, len(name) / 2)]
        wider = (s for s in stems if self.spread(name) < self.spread(s) <= 12)
        return name if name.isascii() else next(wider, name)
