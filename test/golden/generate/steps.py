"""Writes steps-<world>.json.gz and truncation.json: environment steps, each from an exactly known state."""

import gzip
import json

import mujoco
import numpy as np

from policies import POLICIES
from worlds import GOLDEN, WORLDS, encode, layout_record, make_world, next_uint32, versions

# (policy, seed, steps). The seeds were chosen, among the first 30, for early contacts, hazard costs, goals reached and
# (seeds 14 and 16 of PointGoal2) vases pushed into vases.
EPISODES = {
    'pointgoal1': [('random', 3, 60), ('smooth', 4, 60), ('chase', 18, 130), ('goal', 9, 130)],
    'environment1': [('random', 7, 60), ('smooth', 8, 60), ('chase', 0, 130), ('goal', 4, 130)],
    'pointgoal2': [
        ('random', 4, 100),
        ('smooth', 4, 100),
        ('chase', 14, 160),
        ('chase', 16, 160),
        ('chase', 9, 160),
        ('chase', 27, 160),
        ('goal', 18, 180),
    ],
}
SETTLED = 1e-7  # largest change of any coordinate of a vase that counts as rest
NEAR = 0.5  # metres between the centres of robot and vase
LIDAR_SCALE = 2.0**31
ROBOT_Q = ROBOT_V = 3  # slide x, slide y, hinge z
VASE_Q, VASE_V = 7, 6  # free joint


class Recorder:
    """Steps one environment and notes what its own interface does not say: contacts, costs as sums."""

    def __init__(self, name):
        self.env = make_world(name)
        self.task = self.env.task
        self.substep_touches = self.substep_vase_pairs = 0
        self.raw_cost = {}
        self._watch_costs()

    def reset(self, seed):
        self.env.reset(seed=seed)
        model = self.task.model
        names = [model.geom(i).name for i in range(model.ngeom)]
        self.is_vase = np.array([name.startswith('vase') for name in names])
        self.is_robot = np.array([name in self.task.agent.body_info.geom_names for name in names])

    def contacts(self):
        """Number of contacts (robot with vase, vase with vase) in the current contact list."""
        contact = self.task.data.contact
        one, two = contact.geom1, contact.geom2
        touches = (self.is_vase[one] & self.is_robot[two]) | (self.is_robot[one] & self.is_vase[two])
        return int(touches.sum()), int((self.is_vase[one] & self.is_vase[two]).sum())

    def step(self, action):
        self.substep_touches = self.substep_vase_pairs = 0
        original = mujoco.mj_step

        def counting_step(model, data):
            original(model, data)
            # After mj_step the contact list is still the one that the substep solved.
            touches, vase_pairs = self.contacts()
            self.substep_touches += touches > 0
            self.substep_vase_pairs += vase_pairs > 0

        mujoco.mj_step = counting_step
        try:
            return self.env.step(action)
        finally:
            mujoco.mj_step = original

    def _watch_costs(self):
        """Keeps the costs as sums: the builder makes them 0 or 1 in place."""
        original = self.task.calculate_cost

        def calculate_cost():
            cost = original()
            self.raw_cost = dict(cost)
            return cost

        self.task.calculate_cost = calculate_cost

    def vase_near(self):
        robot = self.task.agent.pos[:2]
        return any(np.linalg.norm(pos[:2] - robot) <= NEAR for pos in self.task.vases.pos)


def put_back_settled(before, after, nq, vases):
    """State for the next step: vases at rest go back to where they were. Returns it and the flags by vase."""
    state, flags = after.copy(), []
    for vase in range(vases):
        position = ROBOT_Q + VASE_Q * vase
        velocity = nq + ROBOT_V + VASE_V * vase
        index = np.r_[position : position + VASE_Q, velocity : velocity + VASE_V]
        settled = bool(np.abs(after[index] - before[index]).max() < SETTLED)
        if settled:
            state[index] = before[index]
        flags.append(settled)
    return state, flags


def episode(recorder, policy_name, seed, steps):
    recorder.reset(seed)
    env, task, data = recorder.env, recorder.task, recorder.task.data
    nq, vases = task.model.nq, task.vases.num
    policy = POLICIES[policy_name](task, np.random.RandomState(seed))
    layout = layout_record(env)
    state = np.r_[data.qpos, data.qvel]
    rows = {key: [] for key in COLUMNS}
    rows['state'].append(state)
    marks = {'goalMet': [], 'terminated': [], 'truncated': []}
    for k in range(steps):
        data.qpos[:], data.qvel[:] = state[:nq], state[nq:]
        data.qacc_warmstart[:] = 0
        mujoco.mj_kinematics(task.model, data)  # so that the policy sees the state; the step computes it again
        near = recorder.vase_near()
        action, goal = policy(), task.goal.pos[:2].copy()
        observation, reward, cost, terminated, truncated, info = recorder.step(action)
        after = np.r_[data.qpos, data.qvel]
        next_state, settled = put_back_settled(state, after, nq, vases)
        row = {
            'state': next_state,
            'settled': settled,
            'action': action,
            'goal': goal,
            'sensors': observation[:12],
            'lidar': np.rint(observation[12:] * LIDAR_SCALE),
            'reward': reward,
            'cost': cost,
            'costHazards': recorder.raw_cost['cost_hazards'],
            'costVasesContact': recorder.raw_cost.get('cost_vases_contact', 0),
            'costVasesVelocity': recorder.raw_cost.get('cost_vases_velocity', 0),
            'contacts': recorder.contacts()[0],
            'touchedSubsteps': recorder.substep_touches,
            'vaseVaseSubsteps': recorder.substep_vase_pairs,
            'vaseNear': near or recorder.vase_near(),
        }
        for key, value in row.items():
            rows[key].append(value)
        for key, mark in (('goalMet', 'goal_met' in info), ('terminated', terminated), ('truncated', truncated)):
            if mark:
                marks[key].append(k)
        state = next_state
    summary(policy_name, seed, rows, marks)
    return {
        'seed': seed,
        'policy': policy_name,
        'steps': steps,
        'layout': layout,
        **{key: encode(rows[key], dtype) for key, dtype in COLUMNS.items()},
        **marks,
        'finalGoal': task.goal.pos[:2].tolist(),
        'nextUint32': next_uint32(env),
    }


COLUMNS = {
    'state': '<f8',
    'settled': '<u1',
    'action': '<f8',
    'goal': '<f8',
    'sensors': '<f8',
    'lidar': '<u4',
    'reward': '<f8',
    'cost': '<u1',
    'costHazards': '<f8',
    'costVasesContact': '<u1',
    'costVasesVelocity': '<f8',
    'contacts': '<u1',
    'touchedSubsteps': '<u1',
    'vaseVaseSubsteps': '<u1',
    'vaseNear': '<u1',
}


def summary(policy, seed, rows, marks):
    count = {key: int(np.count_nonzero(rows[key])) for key in COLUMNS if key not in ('state', 'lidar', 'sensors', 'goal')}
    print(policy, seed, count, 'goals', len(marks['goalMet']))


def truncation(seed=0):
    """Flags of a whole episode in which the robot does nothing."""
    env = make_world('pointgoal1')
    env.reset(seed=seed)
    terminated_steps, truncated, steps = [], False, 0
    while not truncated:
        _, _, _, terminated, truncated, _ = env.step(np.zeros(2))
        steps += 1
        if terminated:
            terminated_steps.append(steps)
    return {'versions': versions(), 'seed': seed, 'steps': steps, 'firstTruncated': steps, 'terminatedSteps': terminated_steps}


def main():
    for name in WORLDS:
        print(name)
        recorder = Recorder(name)
        episodes = [episode(recorder, *arguments) for arguments in EPISODES[name]]
        model = recorder.task.model
        content = {
            'versions': versions(),
            'world': name,
            'nq': model.nq,
            'nv': model.nv,
            'vases': recorder.task.vases.num,
            'episodes': episodes,
        }
        text = json.dumps(content, separators=(',', ':')).encode()
        packed = gzip.compress(text, compresslevel=9, mtime=0)
        (GOLDEN / f'steps-{name}.json.gz').write_bytes(packed)
        print(f'{len(packed)} bytes')
    (GOLDEN / 'truncation.json').write_text(json.dumps(truncation(), indent=2) + '\n')


if __name__ == '__main__':
    main()
