namespace Fleet.Cli.Configuration;

/// <summary>All keys of a configuration file: the reference's, and Fleet's own.</summary>
internal static class ConfigKeys
{
    /// <summary>Fleet's own keys at the top.</summary>
    public static readonly Dictionary<string, KeyRule> Top = new(StringComparer.Ordinal)
    {
        ["rewards"] = KeyRule.Map,
        ["broker"] = KeyRule.Any,
        ["limits"] = KeyRule.Map,
        ["plugins"] = KeyRule.Map,
        ["sandbox"] = KeyRule.Map,
        ["gateway"] = KeyRule.Map,
        ["parity"] = KeyRule.Word("fixed", "roll"),
        ["shaping"] = KeyRule.Map,
        ["on_unscored"] = KeyRule.Word("nan", "raise", "zero", "drop_row", "drop_group"),
        ["token_rewards"] = KeyRule.Word("zeros", "last_valid_token", "model_values"),
        ["spread"] = KeyRule.Word("shared", "ranks"),
        ["slots"] = KeyRule.Whole(1, 1024),
        ["run_id"] = KeyRule.Text,
    };

    /// <summary>Keys of <c>broker</c>.</summary>
    public static readonly Dictionary<string, KeyRule> Broker = new(StringComparer.Ordinal)
    {
        ["url"] = KeyRule.Text,
        ["cluster_nodes"] = KeyRule.Texts,
        ["heartbeat_s"] = KeyRule.Number(1, 600),
        ["quorum_queues"] = KeyRule.Flag,
        ["queue_expiry_s"] = KeyRule.Number(60, 604_800),
        ["connect_timeout_s"] = KeyRule.Number(0, 600),
    };

    /// <summary>Keys of <c>limits</c>.</summary>
    public static readonly Dictionary<string, KeyRule> Limits = new(StringComparer.Ordinal)
    {
        ["max_row_bytes"] = KeyRule.Whole(1024, 64 * 1024 * 1024),
        ["max_part_rows"] = KeyRule.Whole(1, 65_536),
        ["max_part_bytes"] = KeyRule.Whole(1024, 64 * 1024 * 1024),
        ["max_rows_in_flight"] = KeyRule.Whole(1, 10_000_000),
        ["max_bytes_in_flight"] = KeyRule.Whole(1024 * 1024, 64L * 1024 * 1024 * 1024),
        ["row_timeout_s"] = KeyRule.Number(0.1, 3600),
        ["call_timeout_s"] = KeyRule.Number(0.1, 604_800),
        ["initialize_timeout_s"] = KeyRule.Number(0, 3600),
        ["worker_silence_s"] = KeyRule.Number(1, 600),
    };

    /// <summary>Keys of <c>plugins</c>.</summary>
    public static readonly Dictionary<string, KeyRule> PlugIns = new(StringComparer.Ordinal)
    {
        ["folder"] = KeyRule.Text,
        ["allow"] = KeyRule.Texts,
    };

    /// <summary>Keys of <c>sandbox</c>.</summary>
    public static readonly Dictionary<string, KeyRule> Sandbox = new(StringComparer.Ordinal)
    {
        ["engine"] = KeyRule.Text,
        ["image"] = KeyRule.Text,
        ["slots"] = KeyRule.Whole(1, 512),
        ["idle_slots"] = KeyRule.Whole(0, 512),
        ["idle_s"] = KeyRule.Number(1, 86_400),
        ["runs_per_slot"] = KeyRule.Whole(1, 1_000_000),
        ["max_memory_mb"] = KeyRule.Whole(64, 65_536),
        ["processes"] = KeyRule.Whole(16, 4096),
        ["temporary_mb"] = KeyRule.Whole(1, 4096),
        ["output_bytes"] = KeyRule.Whole(1024, 67_108_864),
        ["transport"] = KeyRule.Word("auto", "socket", "attach"),
        ["engine_patience_s"] = KeyRule.Number(0, 3600),
        ["pin"] = KeyRule.Flag,
        ["runtime"] = KeyRule.Text,
    };

    /// <summary>Keys of <c>gateway</c>.</summary>
    public static readonly Dictionary<string, KeyRule> Gateway = new(StringComparer.Ordinal)
    {
        ["listen"] = KeyRule.Text,
        ["api_key_file"] = KeyRule.Text,
        ["domain"] = KeyRule.Text,
        ["max_body_bytes"] = KeyRule.Whole(1024, 1024 * 1024 * 1024),
        ["max_held_bytes"] = KeyRule.Whole(1024, 1L << 40),
        ["max_requests"] = KeyRule.Whole(1, 100_000),
        ["max_stream_rows"] = KeyRule.Whole(1, 1_000_000),
        ["request_timeout_s"] = KeyRule.Number(0.1, 604_800),
        ["retry_after_s"] = KeyRule.Number(1, 3600),
    };

    /// <summary>Keys of one domain under <c>rewards</c>, whatever its worker.</summary>
    public static readonly Dictionary<string, KeyRule> Domain = new(StringComparer.Ordinal)
    {
        // The reference's.
        ["name"] = KeyRule.Text,
        ["worker_cls"] = KeyRule.Text,
        ["model_args"] = KeyRule.Map,
        ["data_args"] = KeyRule.Map,
        ["generating_args"] = KeyRule.Map,
        ["strategy_args"] = KeyRule.Map,
        ["tag_included"] = KeyRule.Texts,
        ["world_size"] = KeyRule.Whole(1, 10_000),
        ["use_local"] = KeyRule.Flag,
        ["judge_prompt"] = KeyRule.Any,
        ["judge_model_type"] = KeyRule.Text,
        ["judge_model_name"] = KeyRule.Text,
        ["judge_api_url"] = KeyRule.Any,
        ["judge_api_key"] = KeyRule.Any,
        ["format_pattern"] = KeyRule.Text,
        ["reward_type"] = KeyRule.Text,
        ["response_length_penalty_coef"] = KeyRule.Number(),
        ["reward_system_config"] = KeyRule.Map,
        ["reward_manager_config"] = KeyRule.Any,

        ["query_filter_config"] = KeyRule.Map,

        // Fleet's.
        ["tokenizer_path"] = KeyRule.Text,
        ["rewards"] = KeyRule.Any,
        ["shaping"] = KeyRule.Map,
        ["truncated"] = KeyRule.Word("score", "zero", "mask"),
        ["parity"] = KeyRule.Word("fixed", "roll"),
        ["row_timeout_s"] = KeyRule.Number(0.1, 3600),
        ["tp_size"] = KeyRule.Whole(1, 1024),
        ["pp_size"] = KeyRule.Whole(1, 1024),
        ["infer_batch_size"] = KeyRule.Whole(1, 4096),
        ["device_mapping"] = KeyRule.Any,

        // Math answers.
        ["box_required"] = KeyRule.Flag,
        ["multiple_boxes"] = KeyRule.Text,
        ["percent_is_number"] = KeyRule.Flag,
        ["rounding_places"] = KeyRule.Whole(1, 60),
        ["steps_weight"] = KeyRule.Number(),
        ["format_weight"] = KeyRule.Number(),
        ["repetition_weight"] = KeyRule.Number(),
        ["length_weight"] = KeyRule.Number(),
        ["long_block_weight"] = KeyRule.Number(),

        // Code.
        ["code_url"] = KeyRule.Text,
        ["code_cache"] = KeyRule.Whole(0, 1_000_000),
        ["code_score"] = KeyRule.Text,
        ["pass_threshold"] = KeyRule.Number(0, 1),
        ["limits"] = KeyRule.Map,
        ["max_time_s"] = KeyRule.Number(0.1, 3600),
        ["max_memory_mb"] = KeyRule.Whole(16, 1_048_576),
        ["compile_time_s"] = KeyRule.Number(0.1, 3600),
        ["flaky"] = KeyRule.Flag,

        // Judges.
        ["judges"] = KeyRule.Any,
        ["judge_parser"] = KeyRule.Text,
        ["judge_labels"] = KeyRule.Any,
        ["judge_criteria"] = KeyRule.Any,
        ["judge_scale"] = KeyRule.Any,
        ["judge_response"] = KeyRule.Text,
        ["judge_asks"] = KeyRule.Whole(1, 100),
        ["judge_cache"] = KeyRule.Whole(0, 100_000_000),
        ["judge_max_chars"] = KeyRule.Whole(1, 1_000_000_000),
        ["judge_samples"] = KeyRule.Whole(1, 1000),
        ["judge_aggregate"] = KeyRule.Text,
        ["judge_swap"] = KeyRule.Flag,
        ["judge_timeout_s"] = KeyRule.Number(0.1, 86_400),
        ["judge_attempt_timeout_s"] = KeyRule.Number(0.1, 86_400),
        ["judge_attempts"] = KeyRule.Whole(1, 1000),
        ["judge_concurrency"] = KeyRule.Whole(1, 100_000),
        ["judge_requests_per_minute"] = KeyRule.Number(0.001),
        ["judge_tokens_per_minute"] = KeyRule.Number(0.001),
        ["judge_price_prompt"] = KeyRule.Number(0),
        ["judge_price_completion"] = KeyRule.Number(0),

        // Instructions, detection and the text terms.
        ["verdict"] = KeyRule.Text,
        ["instruction_reward"] = KeyRule.Text,
        ["repetition_ngram"] = KeyRule.Whole(1, 100),
        ["repetition_max_penalty"] = KeyRule.Number(-1000, 0),
        ["processor_class"] = KeyRule.Text,
        ["det_iou_threshold"] = KeyRule.Any,
        ["det_reward_ratio"] = KeyRule.Map,
        ["question_type"] = KeyRule.Text,
        ["pattern"] = KeyRule.Text,
        ["tags"] = KeyRule.Texts,
        ["ngram_size"] = KeyRule.Whole(1, 100),
        ["max_penalty"] = KeyRule.Number(-1000, 0),
        ["min_tokens"] = KeyRule.Whole(0),
        ["max_tokens"] = KeyRule.Whole(0),

        // The reference's that have no counterpart here: read, and named in one warning.
        ["training_args"] = KeyRule.Ignored,
        ["num_gpus_per_worker"] = KeyRule.Ignored,
        ["backend_timeout"] = KeyRule.Ignored,
        ["system_envs"] = KeyRule.Ignored,
        ["max_concurrency"] = KeyRule.Ignored,
        ["checkpoint_config"] = KeyRule.Ignored,
        ["response_filter_config"] = KeyRule.Ignored,
        ["offload_nccl"] = KeyRule.Ignored,
        ["use_dynamic_batching_in_infer"] = KeyRule.Ignored,
    };

    /// <summary>Keys that mark a file as a whole pipeline of the reference: what is not ours there is its business.</summary>
    public static readonly string[] PipelineMarks =
        ["actor_train", "actor_infer", "reference", "exp_name", "rollout_batch_size", "hydra", "pg_variant", "adv_estimator"];
}
