"""Writes layouts.json: layouts, start poses and arc membership by seed."""

import json

import numpy as np

from worlds import GOLDEN, WORLDS, encode, layout_record, make_world, versions

FULL_SEEDS = range(40)
DIGEST_SEEDS = range(601)
ARC_HALF_ANGLE = np.radians(70)


def pose(env, seed):
    """[agent x, agent y, agentRot, goal x, goal y] of a reset, by the task's own functions.

    The physics, which does not change the layout, is left out: building it takes a second a seed.
    """
    task, generator = env.task, env.task.random_generator
    generator.set_random_seed(seed)
    task.world_info.layout = layout = generator.build_layout()
    config = task._build_world_config(layout)
    del layout['goal']
    while not generator.sample_goal_position():
        pass
    return [*layout['agent'].tolist(), config['agent_rot'], *layout['goal'].tolist()]


def in_arc(x, y, heading, goal_x, goal_y):
    """Whether the goal lies within 70 degrees to either side of the heading."""
    bearing = np.arctan2(goal_y - y, goal_x - x) - heading
    return bool(abs(np.arctan2(np.sin(bearing), np.cos(bearing))) <= ARC_HALF_ANGLE)


def world_layouts(name):
    env = make_world(name)

    def layout(seed):
        env.reset(seed=seed)
        return {'seed': seed, **layout_record(env)}

    records = [layout(seed) for seed in FULL_SEEDS]
    poses = [pose(env, seed) for seed in DIGEST_SEEDS]
    assert all(poses[r['seed']] == [*r['agent'], r['agentRot'], *r['goal']] for r in records)
    members = [seed for seed in DIGEST_SEEDS if in_arc(*poses[seed])]
    return {
        'layouts': records,
        'digest': {
            'counts': [sum(seed <= 300 for seed in members), sum(seed > 300 for seed in members)],
            'inArc': members,
            'poses': encode(poses, '<f8'),
        },
    }


def main():
    worlds = {}
    for name in WORLDS:
        worlds[name] = world_layouts(name)
        print(name, worlds[name]['digest']['counts'], flush=True)
    text = json.dumps({'versions': versions(), 'worlds': worlds}, separators=(',', ':'))
    # One record a line keeps differences readable.
    (GOLDEN / 'layouts.json').write_text(text.replace('{"seed"', '\n{"seed"') + '\n')


if __name__ == '__main__':
    main()
