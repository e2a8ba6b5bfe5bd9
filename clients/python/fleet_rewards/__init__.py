"""Rewards for rollouts from a Fleet gateway. The standard library is all it needs.

    from fleet_rewards import FleetClient

    with FleetClient("http://127.0.0.1:8080") as fleet:
        for result in fleet.score([{"domain": "math_rule", "response": "\\\\boxed{63}", "ground_truth": "63"}]):
            print(result.reward, result.reason)

Trainers: see ``fleet_rewards.trl``, ``fleet_rewards.verl`` and ``fleet_rewards.roll``.
"""

from ._retry import Retry
from .aio import AsyncFleetClient
from .client import FleetClient
from .errors import FleetError, GatewayError, GatewayUnavailable, UnscoredError
from .results import RAISE, RowResult, reward_of

__all__ = [
    "RAISE",
    "AsyncFleetClient",
    "FleetClient",
    "FleetError",
    "GatewayError",
    "GatewayUnavailable",
    "Retry",
    "RowResult",
    "UnscoredError",
    "reward_of",
]
__version__ = "0.1.0"
