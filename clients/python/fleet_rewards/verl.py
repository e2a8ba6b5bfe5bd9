"""Custom reward functions for verl.

Single:  custom_reward_function.path=.../fleet_rewards/verl.py custom_reward_function.name=compute_score
Batch:   the same with compute_score_batch and reward_model.reward_manager=batch; rows that are compared with each other need it

``FLEET_URL`` and ``FLEET_API_KEY`` name the gateway. ``FLEET_DOMAIN`` or the reward_kwargs' ``domain`` names what scores
all rows; else the members ``domain`` and ``tag`` of a row's ``extra_info`` do, else its ``data_source`` is its tag.
"""

from __future__ import annotations

import math
import os
import sys
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

# verl loads this file by its path: then it has no package around it, and the package need not be installed.
if not __package__:
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from fleet_rewards.client import FleetClient
from fleet_rewards.results import RowResult, reward_of

_clients: Dict[Optional[str], FleetClient] = {}


def compute_score(
    data_source: Optional[str],
    solution_str: str,
    ground_truth: Any,
    extra_info: Optional[Mapping[str, Any]] = None,
    *,
    url: Optional[str] = None,
    domain: Optional[str] = None,
    unscored: Any = math.nan,
    return_dict: bool = False,
    **_: Any,
) -> Union[float, Dict[str, Any], Any]:
    """The reward of one response; a row without a score is ``unscored``, NaN unless told otherwise."""
    return compute_score_batch(
        [data_source], [solution_str], [ground_truth], [extra_info], url=url, domain=domain, unscored=unscored, return_dict=return_dict)[0]


def compute_score_batch(
    data_sources: Sequence[Optional[str]],
    solution_strs: Sequence[str],
    ground_truths: Sequence[Any],
    extra_infos: Optional[Sequence[Optional[Mapping[str, Any]]]] = None,
    *,
    url: Optional[str] = None,
    domain: Optional[str] = None,
    unscored: Any = math.nan,
    return_dict: bool = False,
    **_: Any,
) -> List[Any]:
    """The rewards of a batch, in order; with ``return_dict`` dicts of ``score`` (the reward), ``acc`` and ``scored``."""
    infos: Sequence[Optional[Mapping[str, Any]]] = extra_infos if extra_infos is not None else [None] * len(solution_strs)
    lengths = {len(data_sources), len(solution_strs), len(ground_truths), len(infos)}
    if len(lengths) > 1:
        raise ValueError(f"data_sources, solution_strs, ground_truths and extra_infos have different lengths: {sorted(lengths)}.")
    domain = domain or os.environ.get("FLEET_DOMAIN")
    rows = [_row(*columns, domain) for columns in zip(data_sources, solution_strs, ground_truths, infos)]
    results = _client(url).score(rows)
    return [_told(result, unscored) if return_dict else reward_of(result, unscored) for result in results]


def _row(source: Optional[str], response: str, gold: Any, info: Optional[Mapping[str, Any]], domain: Optional[str]) -> Dict[str, Any]:
    row: Dict[str, Any] = dict(info) if info else {}
    named = domain or row.get("domain")
    row.pop("domain", None)
    if named is not None:
        row["domain"] = named
    elif source is not None and row.get("tag") is None:
        row["tag"] = source
    row["response"] = response
    row["ground_truth"] = gold
    if not isinstance(row.get("prompt", ""), str):
        row["messages"] = row.pop("prompt")
    return row


def _told(result: RowResult, unscored: Any) -> Dict[str, Any]:
    return {"score": reward_of(result, unscored), "acc": reward_of(result, unscored, "score"), "scored": float(result.scored)}


def _client(url: Optional[str]) -> FleetClient:
    client = _clients.get(url)
    # No lock: verl forks, and a child would wait for ever for one that its parent held. Of two made at once one is dropped.
    return client if client is not None else _clients.setdefault(url, FleetClient(url))
