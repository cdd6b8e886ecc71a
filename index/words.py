"""Cut text into search terms: jieba words and single characters, stemmed English words."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

import jieba
import snowballstemmer
from platformdirs import user_cache_path

from ingest.normal import normalise

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:['’][a-z]+)?|\d+(?:\.\d+)?%?")
_STOP_EN = frozenset(
    "a an and are as at be been being by can could did do does doing for from get give had has have having how i "
    "if in into is it its many me more most much my of on or our please shall should so some such tell than that "
    "the their them there these they this those to up us was we were what when where which who whom whose why "
    "will with would you your any about plan city dalian during under".split()
)
_STOP_ZH = frozenset(
    "的 了 是 在 和 与 及 或 吗 呢 吧 啊 呀 么 啥 咋 哪 哪些 哪个 哪里 哪儿 什么 怎么 怎样 怎么样 如何 多少 几 几个 "
    "为什么 请问 请 有 有没有 没有 会 能 能不能 要 想 将 把 被 对 从 到 给 让 我 我们 你 你们 他们 咱 咱们 这 那 这个 那个 "
    "一下 一些 大概 到底 究竟 是不是 是否 可以 打算 准备 计划 规划 大连 大连市 全市 我市 市里 以后 将来 未来 现在 里 个 都 也 就 还 很 "
    "说 讲 提到 关于 方面 具体 主要 时候 时 些 哪 多 少 达到 实现".split()
)


_SPELLINGS = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(met|lit|cent|fib|theat)re(s?)$", r"\1er\2"),
        (r"(lab|harb|col|fav|neighb|behavi|hon)our", r"\1or"),
        (r"is(e|ed|es|ing|ation|ations)$", r"iz\1"),
        (r"programme", "program"),
        (r"ageing$", "aging"),
        (r"lling$", "ling"),
        (r"lled$", "led"),
    )
)


@cache
def segmenter() -> jieba.Tokenizer:
    """Return a private jieba tokenizer, whose cache lies where no other user can plant one."""
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    with _private_folder() as folder:
        tokenizer.tmp_dir = str(folder)
        tokenizer.initialize()
    return tokenizer


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Give the user's own cache folder, or a temporary one where that cannot be written."""
    folder = user_cache_path("plan-assistant")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
        yield folder
    except OSError:
        with tempfile.TemporaryDirectory(prefix="plan-assistant-") as temporary:
            yield Path(temporary)


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Stem an English word (Porter 2), in American spelling."""
    for british, american in _SPELLINGS:
        word = british.sub(american, word)
    return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """Return the search terms of a text, repeated as often as they occur."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if run[0] >= "\u3400":
            found += _chinese(run)
        elif run[0].isdigit() or run not in _STOP_EN:
            found.append(stem(run))
    return found


@lru_cache(maxsize=4_096)
def _chinese(run: str) -> tuple[str, ...]:
    words = [w for w in segmenter().cut_for_search(run) if w not in _STOP_ZH]
    return (*words, *(c for w in words if len(w) > 1 for c in w))


@lru_cache(maxsize=20_000)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that carry meaning, without single characters of longer words."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if run[0] >= "\u3400":
            found += [w for w in segmenter().cut(run) if w not in _STOP_ZH]
        elif run[0].isdigit() or run not in _STOP_EN:
            found.append(stem(run))
    return tuple(found)
