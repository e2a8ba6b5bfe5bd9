"""The functions and the worker that trainers load."""

from __future__ import annotations

import asyncio
import importlib.util
import math
import os
import sys
import types
import unittest
from pathlib import Path
from unittest import mock

from fleet_rewards import RAISE, FleetClient, UnscoredError
from fleet_rewards.trl import make_async_reward_func, make_reward_func, rows_of

from . import gateway


class Trl(unittest.TestCase):
    def setUp(self) -> None:
        self.fleet = FleetClient(gateway.url(), gateway.KEY)
        self.addCleanup(self.fleet.close)

    def test_texts_and_messages_are_scored_with_their_columns(self) -> None:
        reward = make_reward_func(self.fleet, domain="math_rule", name="maths")
        self.assertEqual(reward.__name__, "maths")
        rewards = reward(
            prompts=["1+1?", "2+2?", "3+3?"],
            completions=["\\boxed{2}", "\\boxed{5}", "\\boxed{6}"],
            completion_ids=[[1], [2], [3]],
            trainer_state=object(),
            solution=["2", "4", None],
        )
        self.assertEqual(rewards, [1.0, 0.0, None])
        rewards = reward(
            prompts=[[{"role": "user", "content": "1+1?"}]] * 2,
            completions=[[{"role": "assistant", "content": "\\boxed{2}"}], [{"role": "assistant", "content": [{"type": "text", "text": "\\boxed{3}"}]}]],
            solution=["2", "2"],
            tag=[None, "deepmath_103k"],
        )
        self.assertEqual(rewards, [1.0, 0.0])

    def test_it_can_be_awaited(self) -> None:
        reward = make_async_reward_func(self.fleet, domain="math_rule", gold="answer", unscored=math.nan)
        self.assertTrue(asyncio.iscoroutinefunction(reward))
        rewards = asyncio.run(reward(prompts=["p"] * 2, completions=["\\boxed{2}", "x"], answer=["2", None]))
        self.assertEqual(rewards[0], 1.0)
        self.assertTrue(math.isnan(rewards[1]))

    def test_the_gold_column_is_found_or_named(self) -> None:
        self.assertEqual(rows_of(["p"], ["c"], {"answer": ["7"], "level": [3]})[0], {"ground_truth": "7", "level": 3, "prompt": "p", "response": "c", "id": 0})
        with self.assertRaises(ValueError):
            rows_of(["p"], ["c"], {"answer": ["7"]}, gold="solution")


class Verl(unittest.TestCase):
    def setUp(self) -> None:
        # As verl does it: by path, outside of any package.
        path = Path(__file__).resolve().parents[1] / "fleet_rewards" / "verl.py"
        spec = importlib.util.spec_from_file_location("custom_module", path)
        self.verl = importlib.util.module_from_spec(spec)
        with mock.patch.dict(sys.modules, {"custom_module": self.verl}):
            spec.loader.exec_module(self.verl)
        environment = mock.patch.dict(os.environ, {"FLEET_URL": gateway.url(), "FLEET_API_KEY": gateway.KEY})
        environment.start()
        self.addCleanup(environment.stop)

    def test_one_response(self) -> None:
        score = self.verl.compute_score("deepmath_103k", "\\boxed{2}", "2", {"split": "train", "index": 3})
        self.assertEqual((type(score), score), (float, 1.0))
        self.assertEqual(self.verl.compute_score(data_source="any", solution_str="\\boxed{A}", ground_truth="B", extra_info={"domain": "multiple_choice_boxed"}), 0.0)
        self.assertTrue(math.isnan(self.verl.compute_score("no_such_source", "x", "y")))
        told = self.verl.compute_score("deepmath_103k", "\\boxed{3}", "2", return_dict=True)
        self.assertEqual(told, {"score": 0.0, "acc": 0.0, "scored": 1.0})

    def test_a_row_without_a_score_becomes_what_the_caller_says(self) -> None:
        self.assertEqual(self.verl.compute_score("no_such_source", "x", "y", unscored=0.0), 0.0)
        told = self.verl.compute_score_batch(["no_such_source"], ["x"], ["y"], return_dict=True)[0]
        self.assertTrue(math.isnan(told["score"]) and math.isnan(told["acc"]))
        self.assertEqual(told["scored"], 0.0)
        with self.assertRaises(UnscoredError):
            self.verl.compute_score("no_such_source", "x", "y", unscored=RAISE)

    def test_the_extra_info_may_name_what_scores_a_row(self) -> None:
        self.assertEqual(self.verl.compute_score("no_such_source", "\\boxed{2}", "2", {"tag": "deepmath_103k"}), 1.0)
        self.assertEqual(self.verl.compute_score("deepmath_103k", "\\boxed{2}", "2", {"tag": None}), 1.0)

    def test_a_batch_keeps_its_order(self) -> None:
        count = 50
        scores = self.verl.compute_score_batch(
            data_sources=["x"] * count,
            solution_strs=[f"\\boxed{{{i}}}" for i in range(count)],
            ground_truths=[str(i if i % 3 else i + 1) for i in range(count)],
            extra_infos=[{}] * count,
            domain="math_rule",
        )
        self.assertEqual(scores, [float(i % 3 != 0) for i in range(count)])
        with self.assertRaises(ValueError):
            self.verl.compute_score_batch(["x"], ["a", "b"], ["c"], None)


class Tensor:
    """As much of a tensor as the worker touches; the real one is not wherever the tests run."""

    def __init__(self, values, dtype=None):
        self.values, self.dtype = values, dtype
        self.shape = (len(values), len(values[0])) if values and isinstance(values[0], list) else (len(values),)

    def __getitem__(self, index):
        return Tensor(self.values[index])

    def sum(self):
        return sum(self.values)


class Roll(unittest.TestCase):
    def setUp(self) -> None:
        self.tokens = {i: chr(i) for i in range(32, 127)}

        class Worker:
            def __init__(self, worker_config):
                self.worker_config = worker_config
                self.rank_info = types.SimpleNamespace(rank=1, world_size=4, dp_rank=0, dp_size=1)
                self.cluster_name = os.environ.get("CLUSTER_NAME")

        class DataProto:
            def __init__(self, batch, non_tensor_batch=None):
                self.batch, self.non_tensor_batch, self.meta_info = batch, non_tensor_batch or {}, {}

            @classmethod
            def from_dict(cls, tensors):
                return cls(tensors)

        def register(**how):
            def mark(method):
                method.registered = how
                return method

            return mark

        class Tokenizer:
            def batch_decode(self, ids, skip_special_tokens):
                assert skip_special_tokens
                return ["".join(chr(one) for one in row if one) for row in ids.values]

        torch = types.ModuleType("torch")
        torch.float16 = "float16"
        torch.tensor = Tensor
        torch.zeros_like = lambda like, dtype: Tensor([[0.0] * like.shape[1] for _ in range(like.shape[0])], dtype)
        modules = {
            "torch": torch,
            "roll": types.ModuleType("roll"),
            "roll.distributed": types.ModuleType("roll.distributed"),
            "roll.distributed.executor": types.ModuleType("roll.distributed.executor"),
            "roll.distributed.executor.worker": types.SimpleNamespace(Worker=Worker),
            "roll.distributed.scheduler": types.ModuleType("roll.distributed.scheduler"),
            "roll.distributed.scheduler.decorator": types.SimpleNamespace(Dispatch=types.SimpleNamespace(ONE_TO_ALL="one", DP_MP_COMPUTE="dp"), register=register),
            "roll.distributed.scheduler.protocol": types.SimpleNamespace(DataProto=DataProto),
            "roll.models": types.ModuleType("roll.models"),
            "roll.models.model_providers": types.SimpleNamespace(default_tokenizer_provider=lambda model_args: Tokenizer()),
        }
        for patch in (
            mock.patch.dict(sys.modules, modules),
            mock.patch.dict(os.environ, {"FLEET_URL": gateway.url(), "FLEET_API_KEY": gateway.KEY, "CLUSTER_NAME": "reward-math_rule"}),
        ):
            patch.start()
            self.addCleanup(patch.stop)
        sys.modules.pop("fleet_rewards.roll", None)
        import fleet_rewards.roll

        self.addCleanup(sys.modules.pop, "fleet_rewards.roll")
        self.module, self.DataProto = fleet_rewards.roll, DataProto

    def ids(self, *texts: str) -> Tensor:
        width = max(len(text) for text in texts)
        return Tensor([[ord(c) for c in text] + [0] * (width - len(text)) for text in texts])

    def test_a_shard_comes_back_as_three_tensors_in_its_order(self) -> None:
        worker = self.module.FleetRewardWorker(types.SimpleNamespace(model_args=None))
        self.addCleanup(worker.fleet.close)
        self.assertEqual((worker.rank_info.dp_rank, worker.rank_info.dp_size, worker.domain), (1, 4, "math_rule"))
        worker.initialize(pipeline_config=object())
        responses = self.ids("\\boxed{7}", "\\boxed{8}", "nothing at all", "x")
        data = self.DataProto(
            {"responses": responses, "prompts": self.ids("3+4?", "3+4?", "3+4?", "?"), "response_mask": Tensor([[1] * 9, [1] * 9, [1] * 14, [1]])},
            {"id": ["a", "b", "c", "d"], "ground_truth": ["7", "7", "7", None], "tag": ["deepmath_103k"] * 4},
        )
        output = worker.compute_rewards(data)
        rewards = output.batch["response_level_rewards"]
        self.assertEqual((rewards.dtype, rewards.values[:3]), ("float16", [1.0, 0.0, 0.0]))
        self.assertTrue(math.isnan(rewards.values[3]) and math.isnan(output.batch["scores"].values[3]))
        self.assertEqual((output.batch["token_level_rewards"].shape, output.batch["token_level_rewards"].dtype), (responses.shape, "float16"))
        self.assertEqual(output.meta_info["metrics"], {"fleet/math_rule/unscored": 1})

    def test_its_methods_are_registered_as_those_of_the_workers_that_it_stands_for(self) -> None:
        self.assertEqual(self.module.FleetRewardWorker.compute_rewards.registered, {"dispatch_mode": "dp", "clear_cache": False})
        self.assertEqual(self.module.FleetRewardWorker.initialize.registered, {"dispatch_mode": "one"})


@unittest.skipUnless(importlib.util.find_spec("pyarrow"), "pyarrow is not installed here.")
class Arrow(unittest.TestCase):
    def test_a_table_comes_back_as_tensors(self) -> None:
        from fleet_rewards import arrow

        with FleetClient(gateway.url(), gateway.KEY) as fleet:
            rows = arrow.table({"domain": ["multiple_choice_boxed"] * 3, "response": ["\\boxed{A}", "\\boxed{B}", "x"], "ground_truth": ["A", "A", None]})
            answer = fleet.score_arrow(rows)
        self.assertEqual(answer.column("reward_mask").to_pylist(), [True, True, False])
        self.assertEqual([float(score) for score in answer.column("scores").to_pylist()[:2]], [1.0, 0.0])


if __name__ == "__main__":
    unittest.main()
