"""Action sequences for the recordings. A policy is made from (task, random) and called once per step."""

import numpy as np

# Actions are multiples of 1/1024: they compress and lose nothing.
GRID = 1024


def on_grid(action):
    return np.rint(np.asarray(action) * GRID) / GRID


def random_policy(task, random):
    """Independent actions, some of them outside [-1, 1] to exercise the clipping."""
    return lambda: on_grid(random.uniform(-1.2, 1.2, size=2))


def smooth_policy(task, random):
    """Slow waves in both actions."""
    frequency, phase = random.uniform(0.01, 0.08, size=2), random.uniform(0, 2 * np.pi, size=2)
    steps = iter(range(10**6))

    def act():
        wave = np.sin(2 * np.pi * frequency * next(steps) + phase)
        return on_grid(wave * [0.9, 0.6] + [0.2, 0])

    return act


def steer(task, target, speed):
    """Drives to a point at about the given speed (m/s): turns and pushes towards the change of velocity it wants."""
    data = task.data
    # The slides are along the axes of the start heading, so their velocities are turned into the world's axes.
    heading = task.agent.mat[:, 0]
    start = np.arctan2(heading[1], heading[0]) - data.qpos[2]
    x, y = data.qvel[:2]
    velocity = np.array([np.cos(start) * x - np.sin(start) * y, np.sin(start) * x + np.cos(start) * y])
    offset = target[:2] - task.agent.pos[:2]
    change = offset / np.linalg.norm(offset) * speed - velocity
    forward, left = np.r_[change, 0] @ task.agent.mat[:, :2]
    bearing = np.arctan2(left, forward)
    return on_grid([np.clip(4 * forward, -1, 1), np.clip(bearing, -1, 1)])


def goal_policy(task, random):
    """Drives to the goal, and to the next ones."""
    return lambda: steer(task, task.goal.pos, 0.8)


def chase_policy(task, random):
    """Drives into the nearest vase, and on into it for as long as it stays the nearest."""

    def act():
        robot = task.agent.pos[:2]
        vases = [vase[:2] for vase in task.vases.pos]
        return steer(task, min(vases, key=lambda vase: np.linalg.norm(vase - robot)), 0.8)

    return act


POLICIES = {'random': random_policy, 'smooth': smooth_policy, 'chase': chase_policy, 'goal': goal_policy}
