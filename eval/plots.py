"""Draw bar charts as inline SVG, so that a report needs no script library and no network."""

from __future__ import annotations

from html import escape

from eval.summary import Interval

_LABEL, _BAR, _ROW = 130, 320, 24


def bars(title: str, rows: list[tuple[str, Interval]]) -> str:
    """Return a horizontal bar chart of means from 0 to 1, with their intervals as whiskers."""
    height = _ROW * len(rows) + 34
    body = "".join(_bar(label, figure, 30 + _ROW * i) for i, (label, figure) in enumerate(rows))
    grid = "".join(_grid(share, height) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    return (
        f'<svg class="plot" viewBox="0 0 {_LABEL + _BAR + 100} {height + 14}" role="img" aria-label="{escape(title)}">'
        f'<text x="0" y="14" class="title">{escape(title)}</text>{grid}{body}</svg>'
    )


def _grid(share: float, height: int) -> str:
    x = _LABEL + share * _BAR
    return (
        f'<line x1="{x:.0f}" x2="{x:.0f}" y1="24" y2="{height}" class="grid"/>'
        f'<text x="{x:.0f}" y="{height + 11}" class="tick">{share:.0%}</text>'
    )


def _bar(label: str, figure: Interval, y: int) -> str:
    x, low, high = (_LABEL + float(figure[k]) * _BAR for k in ("mean", "low", "high"))
    middle = y + 8
    return (
        f'<text x="{_LABEL - 8}" y="{y + 12}" class="label">{escape(label)}</text>'
        f'<rect x="{_LABEL}" y="{y}" width="{max(x - _LABEL, 0.5):.1f}" height="16" rx="2" class="bar"/>'
        f'<path d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8" class="whisker"/>'
        f'<text x="{_LABEL + _BAR + 8}" y="{y + 12}" class="value">{float(figure["mean"]):.1%} (n={figure["n"]})</text>'
    )
