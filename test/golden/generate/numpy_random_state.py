"""Writes numpy-random-state.json: numbers of numpy's legacy generator by seed."""

import json

import numpy as np

from worlds import GOLDEN, versions

SEEDS = [0, 1, 42, 300, 2**32 - 1]


def words(generator, count):
    """Raw words of the MT19937 stream: the full range needs no rejection and no scaling."""
    return [int(word) for word in generator.randint(0, 2**32, size=count, dtype=np.uint32)]


def record(seed):
    late = np.random.RandomState(seed)
    words(late, 2000)
    return {
        'seed': seed,
        'uint32': words(np.random.RandomState(seed), 16),
        'randomSample': np.random.RandomState(seed).random_sample(16).tolist(),
        'uniform': np.random.RandomState(seed).uniform(-1.5, 2.25, size=16).tolist(),
        'uint32After2000': words(late, 4),
    }


def main():
    content = {'versions': versions(), 'seeds': [record(seed) for seed in SEEDS]}
    text = json.dumps(content, separators=(',', ':'))
    (GOLDEN / 'numpy-random-state.json').write_text(text.replace('{"seed"', '\n{"seed"') + '\n')


if __name__ == '__main__':
    main()
