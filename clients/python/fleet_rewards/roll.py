"""A reward worker for ROLL that has the fleet score its rows.

    rewards:
      math_rule:
        worker_cls: fleet_rewards.roll.FleetRewardWorker
        model_args: {model_name_or_path: ...}
        tag_included: [deepmath_103k, aime]

``FLEET_URL`` and ``FLEET_API_KEY`` name the gateway. The domain is the cluster's name (``reward-math_rule``), unless
``FLEET_DOMAIN`` names another. Everything else stays as it is: the pipeline gets the three tensors that it expects.
"""

from __future__ import annotations

import math
import os
from typing import Any, Dict, List, Optional

from roll.distributed.executor.worker import Worker
from roll.distributed.scheduler.decorator import Dispatch, register
from roll.distributed.scheduler.protocol import DataProto
from roll.models.model_providers import default_tokenizer_provider

from .client import FleetClient
from .results import reward_of

# Columns of a row whose names mean something else to the fleet, or that only the pipeline knows.
_LEFT_OUT = frozenset(("response", "prompt", "messages", "raw_prompt_ids", "multi_modal_data"))


class FleetRewardWorker(Worker):
    """Sends texts and columns of its shard to the gateway and returns token_level_rewards, response_level_rewards and scores."""

    #: What a row without a score becomes; a pipeline that cannot take NaN says 0.0, and loses the difference.
    unscored: Any = math.nan

    def __init__(self, worker_config: Any) -> None:
        super().__init__(worker_config=worker_config)
        self.rank_info.dp_rank = self.rank_info.rank
        self.rank_info.dp_size = self.rank_info.world_size
        self.tokenizer = default_tokenizer_provider(model_args=worker_config.model_args)
        self.fleet = FleetClient()
        self.domain = os.environ.get("FLEET_DOMAIN") or domain_of(getattr(self, "cluster_name", None) or os.environ.get("CLUSTER_NAME"))

    @register(dispatch_mode=Dispatch.ONE_TO_ALL)
    def initialize(self, pipeline_config: Any) -> None:
        self.pipeline_config = pipeline_config

    @register(dispatch_mode=Dispatch.DP_MP_COMPUTE, clear_cache=False)
    def compute_rewards(self, data: DataProto) -> DataProto:
        import torch

        responses = data.batch["responses"]
        results = self.fleet.score(self.rows_of(data))
        tensors = {
            "token_level_rewards": torch.zeros_like(responses, dtype=torch.float16),
            "response_level_rewards": torch.tensor([reward_of(result, self.unscored) for result in results], dtype=torch.float16),
            "scores": torch.tensor([reward_of(result, self.unscored, "score") for result in results], dtype=torch.float16),
        }
        output = DataProto.from_dict(tensors=tensors)
        output.meta_info = {"metrics": {f"fleet/{self.domain}/unscored": sum(not result.scored for result in results)}}
        return output

    def rows_of(self, data: DataProto) -> List[Dict[str, Any]]:
        """The rows of a batch: decoded texts and every column that is not a tensor."""
        count = data.batch["responses"].shape[0]
        responses = self.tokenizer.batch_decode(data.batch["responses"], skip_special_tokens=True)
        prompts = self.tokenizer.batch_decode(data.batch["prompts"], skip_special_tokens=True) if "prompts" in data.batch.keys() else [None] * count
        mask = data.batch["response_mask"] if "response_mask" in data.batch.keys() else None
        rows = []
        for i in range(count):
            row = {key: values[i] for key, values in data.non_tensor_batch.items() if key not in _LEFT_OUT and values[i] is not None}
            if self.domain is not None:
                row["domain"] = self.domain
            if prompts[i] is not None:
                row["prompt"] = prompts[i]
            if mask is not None:
                row["response_tokens"] = int(mask[i].sum())
            row["response"] = responses[i]
            rows.append(row)
        return rows


def domain_of(cluster: Optional[str]) -> Optional[str]:
    """The domain of a reward cluster's name: ``reward-math_rule`` is ``math_rule``."""
    return cluster[len("reward-"):] if cluster and cluster.startswith("reward-") else None
