"""Means and bootstrap intervals: known cases, seeds and gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.summary import bootstrap, latency, resamples

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def test_a_constant_has_no_width() -> None:
    means, lows, highs = bootstrap(np.ones((20, 1)))
    assert (means[0], lows[0], highs[0]) == pytest.approx((1, 1, 1))


def test_the_interval_is_about_that_of_the_binomial() -> None:
    values = np.array([[1.0]] * 50 + [[0.0]] * 50)
    means, lows, highs = bootstrap(values)
    assert means[0] == 0.5
    assert lows[0] == pytest.approx(0.402, abs=0.02)
    assert highs[0] == pytest.approx(0.598, abs=0.02)


def test_what_does_not_apply_is_left_out() -> None:
    means, lows, highs = bootstrap(np.array([[1.0], [np.nan], [np.nan], [np.nan]]))
    assert (means[0], lows[0], highs[0]) == (1.0, 1.0, 1.0)


@settings(max_examples=25)
@given(SHARES)
def test_the_interval_holds_the_mean_and_ignores_order(values: list[float]) -> None:
    column = np.array(values)[:, None]
    means, lows, highs = bootstrap(column)
    assert lows[0] - 1e-9 <= means[0] <= highs[0] + 1e-9 or len(values) < 8
    assert bootstrap(column[::-1])[0][0] == pytest.approx(means[0])
    assert min(values) - 1e-9 <= lows[0] <= highs[0] <= max(values) + 1e-9


def test_every_resample_draws_as_many_rows_and_the_same_ones_each_time() -> None:
    assert (resamples(7).sum(axis=1) == 7).all()
    assert (resamples(7) == resamples(7)).all()


def test_latency_is_given_in_percentiles() -> None:
    assert latency([float(n) for n in range(1, 102)]) == {"p50_ms": 51.0, "p95_ms": 96.0}
    assert latency([])["p50_ms"] == 0.0
