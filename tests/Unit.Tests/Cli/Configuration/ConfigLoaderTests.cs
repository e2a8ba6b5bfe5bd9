using Fleet.Cli.Configuration;
using Fleet.Contracts;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Collecting;

namespace Fleet.Unit.Tests.Cli.Configuration;

public sealed class ConfigLoaderTests : IDisposable
{
    /// <summary>A pipeline's file as its users have it: clusters and schedules around the rewards, references into other files, GPUs.</summary>
    private const string Pipeline = """
        hydra:
          run:
            dir: .
          output_subdir: null

        defaults:
          - ../config/deepspeed_zero@_here_
          - ../config/deepspeed_zero3@_here_

        exp_name: "rlvr_pipeline"
        seed: 42
        logging_dir: ./output/${exp_name}/logs
        rollout_batch_size: 64
        num_return_sequences_in_group: 8
        adv_estimator: "reinforce"
        reward_clip: 10
        max_len_mask: true

        pretrain: /models/base
        reward_pretrain: ${pretrain}-reward

        actor_train:
          model_args:
            attn_implementation: fa2
            dtype: bf16
          strategy_args:
            strategy_name: deepspeed_train
            strategy_config: ${deepspeed_zero3}
          device_mapping: list(range(0,16))
        actor_infer:
          generating_args:
            max_new_tokens: ${response_length}
          strategy_args:
            strategy_name: vllm

        rewards:
          math_rule:
            worker_cls: roll.pipeline.rlvr.rewards.math_rule_reward_worker.MathRuleRewardWorker
            model_args:
              model_name_or_path: ${reward_pretrain}
            data_args:
              template: qwen2_5
            tag_included: [deepmath_103k, aime]
            world_size: 8
            infer_batch_size: 1
            query_filter_config:
              type: mean_filter
              filter_args:
                threshold_up: 0.9
                threshold_down: 0.1
          code_sandbox:
            use_local: true
            worker_cls: roll.pipeline.rlvr.rewards.code_sandbox_reward_worker.CodeSandboxRewardWorker
            tag_included:
              - KodCode
            model_args:
              model_name_or_path: ${reward_pretrain}
            world_size: 8
            infer_batch_size: 1
          llm_judge:
            worker_cls: roll.pipeline.rlvr.rewards.llm_judge_reward_worker.LLMJudgeRewardWorker
            judge_prompt: Qwen2.5-7B-Instruct-RLVR-prompt
            judge_model_type: inference
            tag_included: [RLVR]
            model_args:
              model_name_or_path: ${reward_pretrain}
              attn_implementation: fa2
              dtype: bf16
            generating_args:
              max_new_tokens: 100
              top_p: 0.8
            strategy_args:
              strategy_name: hf_infer
              strategy_config: null
            device_mapping: list(range(12,16))
            infer_batch_size: 4
          crossthinkqa:
            worker_cls: roll.pipeline.rlvr.rewards.crossthinkqa_rule_reward_worker.CrossThinkQARuleRewardWorker
            reward_type: soft
            response_length_penalty_coef: 0.0
            tag_included: [crossthinkqa]
            world_size: 8
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("config").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_pipelines_rewards_block_is_read_unchanged()
    {
        var config = Load(Pipeline);

        Assert.Equal(["math_rule", "code_sandbox", "llm_judge", "crossthinkqa"], config.Run.Domains.Select(domain => domain.Domain));
        Assert.Equal("math_rule", config.Run.DomainOfTag("aime")!.Domain);
        Assert.Equal("llm_judge", config.Run.DomainOfTag("RLVR")!.ServedBy);
        var math = Block(config, "math_rule");
        Assert.Equal("/models/base-reward", math.GetProperty("model_args").GetProperty("model_name_or_path").GetString());
        Assert.Equal(8, math.GetProperty("world_size").GetInt32());
        Assert.Equal(0.9, math.GetProperty("query_filter_config").GetProperty("filter_args").GetProperty("threshold_up").GetDouble());
        Assert.Equal("fixed", math.GetProperty("parity").GetString());
        Assert.True(Block(config, "code_sandbox").GetProperty("use_local").GetBoolean());
    }

    [Fact]
    public void A_judge_that_is_a_model_reads_the_rows_with_the_actors_tokenizer()
    {
        Assert.Equal("/models/base", Block(Load(Pipeline), "llm_judge").GetProperty("tokenizer_path").GetString());
        Assert.False(Block(Load(Pipeline), "math_rule").TryGetProperty("tokenizer_path", out _));
        var own = Pipeline.Replace("    judge_model_type: inference", "    judge_model_type: inference\n    tokenizer_path: /models/mine", StringComparison.Ordinal);
        Assert.Equal("/models/mine", Block(Load(own), "llm_judge").GetProperty("tokenizer_path").GetString());
        var elsewhere = Pipeline.Replace("    judge_model_type: inference", "    judge_api_url: http://judge/v1", StringComparison.Ordinal);
        Assert.False(Block(Load(elsewhere), "llm_judge").TryGetProperty("tokenizer_path", out _));
    }

    [Fact]
    public void What_has_no_effect_is_named_in_one_warning()
    {
        var warning = Load(Pipeline).Warning!;

        Assert.DoesNotContain('\n', warning);
        foreach (var key in new[] { "actor_train", "actor_infer", "rollout_batch_size", "reward_clip" }) Assert.Contains(key, warning, StringComparison.Ordinal);
        foreach (var key in new[] { "tag_included", "device_mapping", "infer_batch_size" }) Assert.DoesNotContain(key, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_into_nothing_is_a_fault_where_fleet_reads_it()
    {
        var faults = Faults(Pipeline.Replace("${pretrain}-reward", "${nowhere}", StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.Contains("'${nowhere}' refers to a key that this file does not have", fault, StringComparison.Ordinal));
        Assert.Equal(3, faults.Length);
    }

    [Fact]
    public void A_reference_to_itself_is_a_fault_and_not_the_end() => Assert.NotEmpty(Faults("run_id: ${a}\na: ${run_id}\nexp_name: x\n"));

    [Fact]
    public void An_unknown_key_is_reported_with_its_line_and_a_suggestion()
    {
        var fault = Assert.Single(Faults("rewards:\n  math_rule:\n    worker_clz: MathRuleRewardWorker\n"));
        Assert.Contains("line 3: 'rewards.math_rule.worker_clz' is no known key; did you mean 'worker_cls'?", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_reported_at_once_in_the_order_of_their_lines()
    {
        var faults = Faults("""
            parity: rolll
            slots: many
            limits:
              max_row_bytes: -5
              max_row: 3
            rewards:
              math_rule:
                world_size: 1.5
                tag_included: aime
              no_such_domain:
                reward_type: soft
            broker:
              heartbeat_s: 0
            """);

        Assert.Collection(
            faults,
            fault => Assert.Contains("line 1: 'parity' holds \"rolll\"; one of fixed, roll is expected.", fault, StringComparison.Ordinal),
            fault => Assert.Contains("line 2: 'slots' holds \"many\"; a whole number from 1 to 1024 is expected.", fault, StringComparison.Ordinal),
            fault => Assert.Contains("line 4: 'limits.max_row_bytes' holds -5;", fault, StringComparison.Ordinal),
            fault => Assert.Contains("line 5: 'limits.max_row' is no known key;", fault, StringComparison.Ordinal),
            fault => Assert.Contains("line 8: 'rewards.math_rule.world_size' holds 1.5; a whole number", fault, StringComparison.Ordinal),
            fault => Assert.Contains("line 9: 'rewards.math_rule.tag_included' holds \"aime\"; a list of texts", fault, StringComparison.Ordinal),
            fault => Assert.Contains("line 11: rewards.no_such_domain is no built-in domain and names no worker_cls;", fault, StringComparison.Ordinal),
            fault => Assert.Contains("line 13: 'broker.heartbeat_s' holds 0;", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_key_at_the_top_is_a_fault_unless_the_file_is_a_pipelines()
    {
        Assert.Contains("did you mean 'rewards'?", Assert.Single(Faults("reward:\n  math_rule: {}\n")), StringComparison.Ordinal);
        Assert.Contains("my_key", Load("exp_name: x\nmy_key: 1\n").Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Fleets_own_settings_stand_beside_the_rewards()
    {
        var config = Load("""
            broker:
              url: amqp://me:secret@host:5673/v
              quorum_queues: false
            spread: ranks
            on_unscored: drop_group
            slots: 3.0
            run_id: mine
            limits: {max_part_rows: 10, call_timeout_s: 2.5}
            plugins: {folder: ./p, allow: [A.dll]}
            rewards:
              mine:
                worker_cls: my.module.MyRewardWorker
                my_setting: [1, 2]
            """);

        Assert.Equal(("amqp://host:5673/v", false), (config.Broker.Display, config.Broker.QuorumQueues));
        Assert.Equal((Spread.Ranks, OnUnscored.DropGroup, "mine", 3), (config.Spread, config.OnUnscored, config.Run.RunId, config.Worker.Slots));
        Assert.Equal((10, TimeSpan.FromSeconds(2.5)), (config.Dispatcher.MaxPartRows, config.Dispatcher.CallTimeout));
        Assert.Equal(("./p", "A.dll"), (config.Worker.PlugInFolder, Assert.Single(config.Worker.PlugInAllowList)));
        Assert.Equal("[1,2]", Block(config, "mine").GetProperty("my_setting").GetRawText());
        Assert.Equal("mine", config.Run.Domain("mine")!.ServedBy);
        Assert.Null(config.Warning);
    }

    [Fact]
    public void Flags_go_over_the_file()
    {
        var config = Load("broker: amqp://file\nparity: fixed\n", new ConfigOverrides { Broker = "amqp://flag", Parity = "roll" });
        Assert.Equal("flag", config.Broker.Url!.Host);
        Assert.Equal("roll", Block(config, "math_rule").GetProperty("parity").GetString());
    }

    [Fact]
    public void Without_a_file_all_built_in_domains_are_there()
    {
        var config = ConfigLoader.Load(null, new ConfigOverrides());
        Assert.True(config.Broker.IsInMemory);
        foreach (var domain in new[] { "math_rule", "code_sandbox", "llm_judge", "general_val_rule", "crossthinkqa", "multiple_choice_boxed", "ifeval", "cv_detection", "video_r1" }) Assert.NotNull(config.Run.Domain(domain));
    }

    [Theory]
    [InlineData("rewards: [", "this is no YAML")]
    [InlineData("- a\n- b\n", "the configuration is no map of keys")]
    [InlineData("just text", "the configuration is no map of keys")]
    [InlineData("rewards:\n  math_rule: 3\n", "rewards.math_rule is no map of keys")]
    [InlineData("broker: http://host\n", "'http://host' is no address of a broker")]
    [InlineData("rewards:\n  a: {worker_cls: X, tag_included: [t]}\n  b: {worker_cls: X, tag_included: [t]}\n", "'t' is listed in tag_included of both 'a' and 'b'")]
    public void What_cannot_be_read_is_one_sentence(string yaml, string sentence) => Assert.Contains(sentence, Assert.Single(Faults(yaml)), StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_one_sentence() =>
        Assert.Contains("cannot be read", Assert.Throws<FleetException>(() => ConfigLoader.Load("/no/such.yaml", new ConfigOverrides())).Message, StringComparison.Ordinal);

    private FleetConfig Load(string yaml, ConfigOverrides? overrides = null)
    {
        var path = Path.Combine(_folder, "fleet.yaml");
        File.WriteAllText(path, yaml);
        return ConfigLoader.Load(path, overrides ?? new ConfigOverrides());
    }

    private string[] Faults(string yaml) => Assert.Throws<FleetException>(() => Load(yaml)).Message.Split('\n');

    private static System.Text.Json.JsonElement Block(FleetConfig config, string domain) => System.Text.Json.JsonDocument.Parse(config.Run.Domain(domain)!.Config).RootElement;
}
