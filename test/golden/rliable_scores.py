"""Writes rliable.json: point estimates and bootstrap intervals of rliable (Agarwal et al., 2021) for small score matrices."""

import importlib.metadata
import json
import platform
from pathlib import Path

import arch.bootstrap
import numpy as np
from rliable import library, metrics

OUTPUT = Path(__file__).parent / 'rliable.json'

CONFIDENCE = 0.95
# What the test draws itself, against rliable's own numbers of resamples.
TEST_RESAMPLES = 10_000
AGGREGATE_RESAMPLES = 50_000
IMPROVEMENT_RESAMPLES = 10_000
# Standard errors of the bracket around an interval's end.
WIDTH = 4

GAMMA = 0.8
TAUS = [-0.5, 0.0, 0.25, 0.5, 0.6, 0.75, 1.0, 1.5]

STATISTICS = {
    'mean': metrics.aggregate_mean,
    'median': metrics.aggregate_median,
    'iqm': metrics.aggregate_iqm,
    'optimalityGap': lambda scores: metrics.aggregate_optimality_gap(scores, GAMMA),
}


def bracket(bootstrap, function, resamples):
    """The ends of rliable's interval, and where an independent bootstrap's ends must lie.

    The share of B resamples below the true p-quantile has the standard deviation sqrt(p (1 - p) / B). So the p-quantile
    of one set of B1 resamples lies between the quantiles p -+ z sqrt(p (1 - p) (1 / B1 + 1 / B2)) of another set of B2,
    whatever the distribution, with the probability of z standard deviations of a normal. p (1 - p) is the same at both
    ends, so that intervals of two other sizes, over the same resamples, give all four quantiles.
    """
    p = (1 - CONFIDENCE) / 2
    slack = WIDTH * np.sqrt(p * (1 - p) * (1 / resamples + 1 / TEST_RESAMPLES))

    def interval(size, reuse):
        return bootstrap.conf_int(function, reps=resamples, method='percentile', size=size, reuse=reuse)

    ends = interval(CONFIDENCE, False)
    inner = interval(CONFIDENCE - 2 * slack, True)
    outer = interval(CONFIDENCE + 2 * slack, True)
    return {
        'low': ends[0].tolist(),
        'high': ends[1].tolist(),
        'lowBracket': [outer[0].tolist(), inner[0].tolist()],
        'highBracket': [inner[1].tolist(), outer[1].tolist()],
    }


def aggregates(scores):
    return np.array([statistic(scores) for statistic in STATISTICS.values()])


def profile(scores):
    return library.score_distributions(scores, TAUS)


def intervals(scores, function):
    """Over runs within tasks, over tasks as well, and over tasks with all their runs (arch's own bootstrap, of columns)."""

    def of_columns(columns):
        return function(columns.T)

    results = {
        'runs-and-tasks': bracket(
            library.StratifiedBootstrap(scores, task_bootstrap=True), function, AGGREGATE_RESAMPLES
        ),
        'tasks': bracket(arch.bootstrap.IIDBootstrap(scores.T, seed=1), of_columns, AGGREGATE_RESAMPLES),
    }
    if scores.shape[0] > 1:
        results['runs'] = bracket(library.StratifiedBootstrap(scores), function, AGGREGATE_RESAMPLES)
    return results


def matrix_record(name, scores):
    return {
        'name': name,
        'scores': scores.tolist(),
        'aggregates': aggregates(scores).tolist(),
        'profile': profile(scores).tolist(),
        'aggregateIntervals': intervals(scores, aggregates),
        'profileIntervals': intervals(scores, profile),
    }


def improvement_record(name, x, y, with_interval):
    def function(first, second):
        return np.array([metrics.probability_of_improvement(first, second)])

    interval = None
    if with_interval:
        interval = bracket(library.StratifiedIndependentBootstrap(x, y), function, IMPROVEMENT_RESAMPLES)
    return {'name': name, 'x': x.tolist(), 'y': y.tolist(), 'value': float(function(x, y)[0]), 'interval': interval}


def main():
    # rliable draws from numpy's global generator, whatever `random_state` it is given.
    np.random.seed(20210830)
    random = np.random.default_rng(1)
    plain = random.normal(0.5, 0.5, (3, 20)) + random.normal(0, 0.3, 20)
    ties = np.round(random.normal(0.5, 0.4, (5, 7)) * 4) / 4
    single = random.normal(0.6, 0.4, (1, 10))
    rival = random.normal(0.4, 0.5, (4, 20))
    tied_rival = np.round(random.normal(0.4, 0.4, (4, 7)) * 4) / 4

    packages = ['rliable', 'arch', 'numpy', 'pandas', 'scipy']
    content = {
        'versions': {'python': platform.python_version(), **{name: importlib.metadata.version(name) for name in packages}},
        'confidence': CONFIDENCE,
        'testResamples': TEST_RESAMPLES,
        'gamma': GAMMA,
        'taus': TAUS,
        'statistics': list(STATISTICS),
        'matrices': [
            matrix_record('3 runs x 20 tasks', plain),
            matrix_record('5 runs x 7 tasks, with ties', ties),
            matrix_record('1 run x 10 tasks', single),
        ],
        'improvements': [
            improvement_record('3 against 4 runs, 20 tasks', plain, rival, False),
            improvement_record('5 against 4 runs, 7 tasks, with ties', ties, tied_rival, True),
            improvement_record('against itself', ties, ties, False),
        ],
    }
    text = json.dumps(content, separators=(',', ':'))
    OUTPUT.write_text(text.replace('{"name"', '\n{"name"') + '\n')


if __name__ == '__main__':
    main()
