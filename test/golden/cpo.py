"""Answers of a generic convex solver (Clarabel, by cvxpy) to the linear-quadratic problems of CPO and PCPO.

Writes cpo.json beside this file; README.md describes it. Nothing here uses the closed form that is under test: even the
feasibility is found by minimising and maximising the linearised cost over the trust region.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import cvxpy as cp
import numpy as np

TOLERANCES = {"tol_gap_abs": 1e-10, "tol_gap_rel": 1e-10, "tol_feas": 1e-10}
random = np.random.default_rng(20170806)


def solve(objective, constraints):
    problem = cp.Problem(objective, constraints)
    problem.solve(solver=cp.CLARABEL, **TOLERANCES)
    assert problem.status in ("optimal", "optimal_inaccurate"), problem.status
    return float(problem.value)


def answer(name, H, g, b, c, delta):
    root = np.linalg.cholesky(H).T
    x = cp.Variable(len(g))
    region = [cp.norm(root @ x) <= np.sqrt(2 * delta)]
    lowest = c + solve(cp.Minimize(b @ x), region)
    highest = c + solve(cp.Maximize(b @ x), region)
    if highest <= 0:
        feasibility = "feasible-inside"
    elif lowest >= 0:
        feasibility = "infeasible-recovery"
    else:
        feasibility = "feasible-boundary" if c <= 0 else "feasible-outside"
    if feasibility == "infeasible-recovery":
        value = solve(cp.Minimize(b @ x), region)
    else:
        value = solve(cp.Maximize(g @ x), [*region, c + b @ x <= 0])
    step = x.value.tolist()

    solve(cp.Maximize(g @ x), region)
    reward_step = x.value.copy()
    projections = {}
    for metric, L in (("kl", root), ("l2", np.eye(len(g)))):
        solve(cp.Minimize(cp.sum_squares(L @ (x - reward_step))), [c + b @ x <= 0])
        projections[metric] = x.value.tolist()
    return {
        "name": name,
        "H": H.tolist(),
        "g": g.tolist(),
        "b": b.tolist(),
        "c": float(c),
        "delta": delta,
        "feasibility": feasibility,
        "value": value,
        "step": step,
        "projections": projections,
    }


def random_problem(n):
    A = random.normal(size=(n, n))
    H = A @ A.T / n + 0.2 * np.eye(n)
    return H, random.normal(size=n), random.normal(size=n), float(random.choice([0.01, 0.08, 0.5]))


def reach(H, b, delta):
    """Largest change of b'x in the trust region."""
    return float(np.sqrt(2 * delta * b @ np.linalg.solve(H, b)))


def parallel(H, b, g, sine):
    """g turned until its angle to b, in the metric of the inverse of H, has this sine."""
    across = g - (g @ np.linalg.solve(H, b)) / (b @ np.linalg.solve(H, b)) * b
    norm = lambda v: np.sqrt(v @ np.linalg.solve(H, v))
    return np.sqrt(1 - sine**2) * b / norm(b) + sine * across / norm(across)


problems = []
for n in (2, 3, 5):
    for share in (-1.5, -1.00001, -0.99999, -0.9, -0.5, -0.1, 0, 0.1, 0.5, 0.9, 0.99999, 1.00001, 1.5):
        H, g, b, delta = random_problem(n)
        problems.append(answer("random", H, g, b, share * reach(H, b, delta), delta))
for share in (-0.5, 0.5):
    for sign in (1, -1):
        H, g, b, delta = random_problem(3)
        g *= sign * np.sign(g @ np.linalg.solve(H, b))
        problems.append(answer("towards cost" if sign > 0 else "away from cost", H, g, b, share * reach(H, b, delta), delta))
for sine in (1e-1, 1e-2, 1e-3, 1e-5, 1e-7):
    for share in (-0.5, 0.5):
        for sign in (1, -1):
            H, g, b, delta = random_problem(3)
            g = sign * parallel(H, b, g, sine)
            problems.append(answer(f"parallel {sine}", H, g, b, share * reach(H, b, delta), delta))
for scale in (1e-3, 1e3):
    for share in (-0.5, 0.5, 1.5):
        H, g, b, delta = random_problem(4)
        problems.append(answer(f"cost scaled by {scale}", H, g, scale * b, share * reach(H, scale * b, delta), delta))

versions = {"python": platform.python_version(), **{name: version(name) for name in ("cvxpy", "clarabel", "numpy")}}
text = json.dumps({"versions": versions, "problems": problems}, separators=(",", ":")).replace('{"name"', '\n{"name"')
Path(__file__).with_name("cpo.json").write_text(text + "\n")
print(len(problems), {f: sum(p["feasibility"] == f for p in problems) for f in {p["feasibility"] for p in problems}})
