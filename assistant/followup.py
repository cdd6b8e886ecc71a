"""Resolve a follow-up question into one that stands alone, by trying readings of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer import Turn
from assistant.question import Asks, language, read_question
from index.search import Scored, Searcher
from index.words import content_words, terms
from ingest.normal import fold

_CUE = re.compile(
    r"^(那|那么|还有|另外|再|然后|具体|其中|都|分别|为什么|为啥|谁|哪|什么时候|多少|几|怎么|包括|有没有|这|它|他|她|该|其|上面|前面|刚才|刚刚)|呢[?？。]?$|它|他们|她们|这个|那个|这些|那些|这里|那里|这儿|那儿|这项|该项|上述|前者|后者|其(中|他|它)|别的|同样"
    r"|^(and|but|what about|how about|so|then|also|any|who|when|where|why|how many|how much|which|is it|are they|does it|do they|will it)\b|\b(it|its|they|them|their|that|those|this|these|there|one|ones|he|she|same|else|others?)\b"
)
_SOURCE = re.compile(
    r"出自|出处|哪一?(章|节)|来源|原文在|在哪一?(页|章|节)|第几(章|节|页)|哪一?页|\bwhich (section|chapter|page)\b|\bwhat (section|chapter|page)\b|\bsource\b|\bwhere (in the plan|is (that|this|it) (from|stated|written))\b|\bcite\b"
)
_RETURN = re.compile(
    r"^(回到|回过头(来)?(说|看)?|再(说|回到|看看)|说回|接着(说|问)|还是说)|^(back to|returning to|going back to|regarding|as for|on the subject of)\b",
    re.I,
)
_LEAD = re.compile(
    r"^(那么|那(?![儿里个些])|还有|另外|然后|再问(一下)?|再说|and|but|so|then|what about|how about|also|as for)[\s,，、]*",
    re.I,
)
_TAIL = re.compile(r"[\s]*(呢|吗|啊|呀)?[?？。!！.]*$")
_PRONOUN = re.compile(
    r"它们?|他们|这个|那个|这些|那些|该项?|这项|这里|那里|\b(it|they|them|that|those|this|these)\b", re.I
)
_SHORT = 12
NEARBY = 0.3  # what a reading gains when it finds the passage that was cited before


@dataclass(frozen=True, slots=True)
class Resolved:
    """Hold the question that is searched, the sentences cited before, and the terms that are new."""

    text: str
    near: tuple[int, ...] = ()
    asks_source: bool = False
    new: frozenset[str] = frozenset()


class FollowUps:
    """Resolve follow-ups about one plan.

    Each reading of an elliptic question is a question in itself; the reading whose nearest unit is
    closest wins, so that what people have written about the plan decides what was meant.
    """

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def resolve(self, text: str, turns: list[Turn]) -> Resolved:
        """Return the standalone form of a question, given the turns before it."""
        if not turns:
            return Resolved(text)
        last = next((t for t in reversed(turns) if t.cited), turns[-1])
        if _SOURCE.search(fold(text)) and len(content_words(text)) <= 8 and last.cited:
            return Resolved(text, self._named(text, turns).cited, asks_source=True)
        if _RETURN.search(text):
            return self._returned(text, turns)
        bare = len(content_words(text)) <= 2
        if not (bare or _CUE.search(fold(text))) or self._stands_alone(text):
            return Resolved(text)
        readings = self._readings(text, turns[-1])
        core = set(terms(_TAIL.sub("", _LEAD.sub("", text))))
        near = turns[-1].cited
        best = max(readings, key=lambda r: (self._fit(r, core, near), -len(r)))
        return Resolved(best, turns[-1].cited, new=frozenset(core - set(terms(turns[-1].standalone))))

    def _stands_alone(self, text: str) -> bool:
        """Say whether a question is close to something in the plan without any help."""
        words = content_words(_LEAD.sub("", text))
        pronoun = _PRONOUN.search(text) or re.search(r"呢[?？。]?$", text)
        asks = read_question(_LEAD.sub("", text)).asks != Asks.OTHER
        return len(words) >= 3 and asks and not pronoun and len(text) >= _SHORT and self._closeness(text) > 0.4

    def _closeness(self, text: str) -> float:
        hits = self._searcher.search(text, 3)
        return max((max([s for _, s in h.entries[:1]] + [x.score for x in h.sentences[:1]]) for h in hits), default=0.0)

    def _fit(self, reading: str, core: set[str], cited: tuple[int, ...]) -> float:
        """Return how close a reading comes to the plan, how much of the new words it finds, and how near."""
        hits = self._searcher.search(reading, 2)
        best = 0.0
        for hit in hits:
            near = [(entry.question, score) for entry, score in hit.entries[:1]]
            near += [(self._sentence(s), s.score) for s in hit.sentences[:1]]
            for text, score in near:
                found = core & (set(terms(text)) | set(terms(self._sentence(hit.sentences[0]))))
                here = any(hit.passage.start <= start < hit.passage.end for start in cited)
                best = max(best, score + 0.35 * len(found) / max(1, len(core)) + NEARBY * here)
        return best

    def _sentence(self, scored: Scored) -> str:
        return self._searcher.plan.text[scored.sentence.start : scored.sentence.end]

    def _readings(self, text: str, last: Turn) -> list[str]:
        """Return ways to complete a question from the one before it."""
        core = _TAIL.sub("", _LEAD.sub("", text)).strip()
        before = last.standalone
        joined = f"{before} {core}" if language(text) == "en" else f"{before.rstrip('?？。')},{core}?"
        words = _raw_words(before)
        topic = " ".join(words[:5]) if language(text) == "en" else "".join(words[:3])
        readings = [joined, f"{topic} {core}"]
        if _PRONOUN.search(text):
            readings.append(_PRONOUN.sub(f" {topic} " if language(text) == "en" else topic, text, count=1))
        if len(content_words(core)) <= 2:
            readings += [_swap(before, w, core) for w in words]
            readings += self._with_year(core, before)
        elif not _PRONOUN.search(core):
            readings.append(core)
        if len(content_words(core)) >= 2 and not re.search(r"\d{4}", core) and not _PRONOUN.search(core):
            readings.append(core)
        return [r for r in readings if r.strip()]

    @staticmethod
    def _with_year(core: str, before: str) -> list[str]:
        """Return the question before with its time replaced by the one that the follow-up names."""
        time = re.search(r"(?:19|20)\d\d\D{0,3}(?:(?:19|20)\d\d)?|上一?个?五年|十[二三四五]五", core)
        if not time:
            return []
        rest = re.sub(r"(?:到|by |in )?(?:19|20)\d\d年?|五年里?|十[二三四五]五(?:期间|时期|末)?", "", before)
        return [f"{core}{rest}"] * 2

    def _named(self, text: str, turns: list[Turn]) -> Turn:
        """Return the latest earlier turn that shares a word with the question, else the last answered."""
        words = {w for w in content_words(text) if len(w) > 1}
        cited = [t for t in turns if t.cited]
        return next((t for t in reversed(cited) if words & set(content_words(t.standalone))), cited[-1])

    def _returned(self, text: str, turns: list[Turn]) -> Resolved:
        """Resolve «back to X: …»: what follows, with X, near the turn that spoke of X."""
        rest = _RETURN.sub("", text).strip(" ,，:：")
        turn = self._named(rest, turns) if any(t.cited for t in turns) else turns[-1]
        asked = re.split(r"[,，:：]\s*", rest, maxsplit=1)[-1]
        return Resolved(asked if len(content_words(asked)) >= 3 else rest, turn.cited)


def _raw_words(text: str) -> list[str]:
    """Return the words that carry meaning as they are written, so that they can be replaced."""
    if language(text) == "en":
        return [w for w in re.findall(r"[A-Za-z][\w.-]+", text) if content_words(w)]
    folded = fold(text)
    return [w for w in content_words(text) if len(w) > 1 and w in folded]


def _swap(text: str, word: str, new: str) -> str:
    if word.isascii():
        return re.sub(rf"\b{re.escape(word)}\b", new, text, count=1)
    return fold(text).replace(word, new, 1)
