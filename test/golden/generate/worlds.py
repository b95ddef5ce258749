"""The worlds of the golden data, as environments of the real Safety-Gymnasium, and how they are written down."""

import base64
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
from safety_gymnasium.builder import Builder

GOLDEN = Path(__file__).resolve().parent.parent

# World name -> (task id, number of hazards where it differs from the task's own).
# Environment 1 is the world of PointGoal1 with nine hazards instead of eight.
WORLDS = {
    'pointgoal1': ('SafetyPointGoal1-v0', None),
    'environment1': ('SafetyPointGoal1-v0', 9),
    'pointgoal2': ('SafetyPointGoal2-v0', None),
}


def versions():
    """Versions of everything that determines the recorded numbers."""
    packages = ('safety-gymnasium', 'mujoco', 'gymnasium', 'numpy')
    return {'python': platform.python_version()} | {name: version(name) for name in packages}


def make_world(name):
    """A Safety-Gymnasium environment, without wrappers."""
    task_id, hazards = WORLDS[name]
    env = Builder(task_id, config={'agent_name': 'Point'})
    if hazards is not None:
        # The placements are made at the first reset, so this is all that differs from the registered task.
        env.task.hazards.num = hazards
    return env


def next_uint32(env):
    """The next word of the environment's random stream, which stays as it is."""
    copy = np.random.RandomState()
    copy.set_state(env.task.random_generator.random_generator.get_state())
    return int(copy.randint(0, 2**32, dtype=np.uint32))


def layout_record(env):
    """The layout right after a reset."""
    task = env.task
    layout, config = task.world_info.layout, task.world_info.world_config_dict
    hazards, vases = range(task.hazards.num), range(task.vases.num)
    return {
        'agent': layout['agent'].tolist(),
        'agentRot': config['agent_rot'],
        'goal': layout['goal'].tolist(),
        # The layout is saved for later resets before the goal is drawn again.
        'firstSampledGoal': task.world_info.reset_layout['goal'].tolist(),
        'hazards': [layout[f'hazard{i}'].tolist() for i in hazards],
        'vases': [layout[f'vase{i}'].tolist() for i in vases],
        'vaseRots': [config['free_geoms'][f'vase{i}']['rot'] for i in vases],
        'nextUint32': next_uint32(env),
    }


def encode(values, dtype):
    """base64 of a little-endian array; dtype such as '<f8'."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode('ascii')
