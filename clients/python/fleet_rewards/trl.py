"""Reward functions for TRL's trainers.

    from fleet_rewards.trl import make_reward_func
    trainer = GRPOTrainer(..., reward_funcs=make_reward_func("http://gateway:8080", domain="math_rule", gold="solution"))

``reward_func`` is one that is configured by the environment: ``FLEET_URL``, ``FLEET_API_KEY``, ``FLEET_DOMAIN``, ``FLEET_GOLD``.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Optional, Sequence, Union

from .client import FleetClient
from .results import reward_of
from .texts import prompt_columns, response_text

# What trainers hand over beside the data set's columns.
_NO_COLUMNS = frozenset(("completion_ids", "prompt_ids", "trainer_state", "log_extra", "log_metric", "environments"))
_GOLD = ("ground_truth", "solution", "answer", "label")


def make_reward_func(
    client: Union[FleetClient, str, None] = None,
    domain: Optional[str] = None,
    gold: Optional[str] = None,
    unscored: Any = None,
    value: str = "reward",
    name: str = "fleet_reward",
    timeout: Optional[float] = None,
) -> Callable[..., List[Any]]:
    """A reward function. The data set's columns go along with each row.

    :param domain: scores rows that have neither a ``domain`` nor a ``tag`` column.
    :param gold: the column with the gold answer; default: the first there is of ground_truth, solution, answer, label.
    :param unscored: what a row without a score becomes; TRL leaves None out of its means.
    :param name: what TRL calls the reward in its logs.
    """
    fleet = client if isinstance(client, FleetClient) else FleetClient(client)

    def reward_func(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> List[Any]:
        rows = rows_of(prompts, completions, columns, domain, gold)
        return [reward_of(result, unscored, value) for result in fleet.score(rows, timeout)]

    reward_func.__name__ = name
    return reward_func


def make_async_reward_func(*arguments: Any, **named: Any) -> Callable[..., Any]:
    """As :func:`make_reward_func`, to be awaited: TRL lets such functions run side by side."""
    import asyncio

    blocking = make_reward_func(*arguments, **named)

    async def reward_func(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> List[Any]:
        return await asyncio.get_running_loop().run_in_executor(None, lambda: blocking(prompts, completions, **columns))

    reward_func.__name__ = blocking.__name__
    return reward_func


def rows_of(
    prompts: Optional[Sequence[Any]], completions: Sequence[Any], columns: Dict[str, Any], domain: Optional[str] = None, gold: Optional[str] = None
) -> List[Dict[str, Any]]:
    """The rows of a batch: one for each completion."""
    count = len(completions)
    given = {key: values for key, values in columns.items() if key not in _NO_COLUMNS and isinstance(values, (list, tuple)) and len(values) == count}
    if gold is not None and gold not in given:
        raise ValueError(f"The data set has no column {gold!r}; it has {', '.join(sorted(given)) or 'none'}.")
    answers = gold if gold is not None else next((key for key in _GOLD if key in given), None)
    rows = []
    for i in range(count):
        row: Dict[str, Any] = {key: values[i] for key, values in given.items() if values[i] is not None}
        if answers is not None and answers in row and answers != "ground_truth":
            row["ground_truth"] = row.pop(answers)
        if domain is not None and "domain" not in row and "tag" not in row:
            row["domain"] = domain
        row.update(prompt_columns(prompts[i] if prompts is not None else None))
        row["response"] = response_text(completions[i])
        row["id"] = i
        rows.append(row)
    return rows


_configured: Optional[Callable[..., List[Any]]] = None


def reward_func(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> List[Any]:
    """The reward function that the environment configures."""
    global _configured
    if _configured is None:
        _configured = make_reward_func(domain=os.environ.get("FLEET_DOMAIN"), gold=os.environ.get("FLEET_GOLD"))
    return _configured(prompts, completions, **columns)
