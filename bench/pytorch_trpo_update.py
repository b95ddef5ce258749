"""The TRPO update in PyTorch as OmniSafe 0.5 runs it, by phase, on one thread.

Follows omnisafe/algorithms/on_policy/base/natural_pg.py (`_fvp`, `_update`) and base/policy_gradient.py
(`_update_reward_critic`): Fisher products by double backpropagation through the KL divergence, critics on shuffled
DataLoader minibatches. Needs nothing but torch. Reads one line per round from standard input and answers with one line
of JSON: milliseconds of processor time by phase. The data are random: only the time is asked for.

    python pytorch_trpo_update.py ROWS OBSERVATIONS ACTIONS WIDTH LAYERS
"""

import json
import sys
import time

import torch
from torch import nn
from torch.distributions import Normal, kl_divergence
from torch.utils.data import DataLoader, TensorDataset

ROWS, OBSERVATIONS, ACTIONS, WIDTH, LAYERS = (int(argument) for argument in sys.argv[1:6])
FISHER_PRODUCTS = 17
LINE_SEARCH_STEPS = 2
DAMPING = 0.1

torch.set_num_threads(1)
torch.manual_seed(0)


def network(outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    width = OBSERVATIONS
    for _ in range(LAYERS):
        layers += [nn.Linear(width, WIDTH), nn.Tanh()]
        width = WIDTH
    return nn.Sequential(*layers, nn.Linear(width, outputs))


class Actor(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.mean = network(ACTIONS)
        self.log_std = nn.Parameter(torch.full((ACTIONS,), -0.5))

    def forward(self, observations: torch.Tensor) -> Normal:
        return Normal(self.mean(observations), torch.exp(self.log_std))


actor = Actor()
critics = [network(1), network(1)]
optimisers = [torch.optim.Adam(critic.parameters(), lr=1e-3) for critic in critics]
observations = torch.randn(ROWS, OBSERVATIONS)
actions = torch.randn(ROWS, ACTIONS)
advantages = torch.randn(ROWS)
targets = [torch.randn(ROWS), torch.randn(ROWS)]
with torch.no_grad():
    log_probs = actor(observations).log_prob(actions).sum(axis=-1)


def surrogate_loss() -> torch.Tensor:
    log_prob = actor(observations).log_prob(actions).sum(axis=-1)
    return -(torch.exp(log_prob - log_probs) * advantages).mean()


def gradient() -> torch.Tensor:
    actor.zero_grad()
    surrogate_loss().backward()
    return torch.cat([parameter.grad.flatten() for parameter in actor.parameters()])


def fisher_product(vector: torch.Tensor) -> torch.Tensor:
    actor.zero_grad()
    q = actor(observations)
    with torch.no_grad():
        p = actor(observations)
    kl = kl_divergence(p, q).mean()
    parameters = tuple(actor.parameters())
    first = torch.autograd.grad(kl, parameters, create_graph=True)
    slope = (torch.cat([g.view(-1) for g in first]) * vector).sum()
    second = torch.autograd.grad(slope, parameters, retain_graph=False)
    return torch.cat([g.contiguous().view(-1) for g in second]) + DAMPING * vector


def conjugate_gradients(b: torch.Tensor) -> None:
    """15 iterations, after a product with the zero vector and before one with the solution."""
    x = torch.zeros_like(b)
    r = b - fisher_product(x)
    p = r.clone()
    rr = torch.dot(r, r)
    for _ in range(FISHER_PRODUCTS - 2):
        z = fisher_product(p)
        alpha = rr / (torch.dot(p, z) + 1e-6)
        x += alpha * p
        r -= alpha * z
        new = torch.dot(r, r)
        p = r + (new / (rr + 1e-6)) * p
        rr = new
    torch.dot(x, fisher_product(x))


def line_search() -> None:
    with torch.no_grad():
        old = actor(observations)
        for _ in range(LINE_SEARCH_STEPS):
            surrogate_loss().item()
            kl_divergence(old, actor(observations)).mean().item()


def fit_critics(epochs: int) -> None:
    loader = DataLoader(TensorDataset(observations, *targets), batch_size=128, shuffle=True)
    for _ in range(epochs):
        for sample, *wanted in loader:
            for critic, optimiser, target in zip(critics, optimisers, wanted):
                optimiser.zero_grad()
                loss = nn.functional.mse_loss(critic(sample).squeeze(-1), target)
                for parameter in critic.parameters():
                    loss += parameter.pow(2).sum() * 0.001
                loss.backward()
                torch.nn.utils.clip_grad_norm_(critic.parameters(), 40.0)
                optimiser.step()


def milliseconds(work) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


print(json.dumps({"version": torch.__version__}), flush=True)
for _ in sys.stdin:
    b = gradient()
    phases = {
        "gradient": milliseconds(gradient),
        "fisherProducts": milliseconds(lambda: conjugate_gradients(b)),
        "lineSearch": milliseconds(line_search),
        "criticEpoch": milliseconds(lambda: fit_critics(1)),
    }
    print(json.dumps(phases), flush=True)
