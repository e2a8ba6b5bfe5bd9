using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Shaping;

namespace Fleet.Dispatcher.Collecting;

/// <summary>How one row ended.</summary>
public sealed record RowOutcome
{
    /// <summary>How it ended.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Correctness; null unless scored.</summary>
    public double? Score { get; init; }

    /// <summary>Training reward; null unless scored.</summary>
    public double? Reward { get; init; }

    /// <summary>One short code, with a sentence after a colon where there is more to say.</summary>
    public required string Reason { get; init; }

    /// <summary>What was extracted, run or asked, as a JSON object; null when there is nothing to add.</summary>
    public string? Detail { get; init; }

    /// <summary>What further rules gave it, as a JSON object; null when none was asked.</summary>
    public string? Components { get; init; }

    /// <summary>What shaping made of it; null when its domain has none.</summary>
    public ShapedRow? Shaped { get; init; }

    /// <summary>The rank that scored it; null when none did.</summary>
    public int? Rank { get; init; }

    /// <summary>Time that its scoring took, without any time in queues; null when it was not scored.</summary>
    /// <value>Milliseconds.</value>
    public double? Milliseconds { get; init; }

    /// <summary>The same outcome without a verdict for each of some rows.</summary>
    public static RowOutcome[] Unscored(int rows, RowStatus status, string code, string? sentence)
    {
        var outcome = new RowOutcome { Status = status, Reason = string.IsNullOrEmpty(sentence) ? code : $"{code}: {sentence}" };
        return [.. Enumerable.Repeat(outcome, rows)];
    }

    /// <summary>Reads the rows of a reply.</summary>
    /// <param name="reply">The reply's batch.</param>
    /// <param name="rows">Rows that were asked about.</param>
    /// <param name="rank">The rank that replied.</param>
    /// <exception cref="FleetException">The reply has other rows than the part, or no verdicts at all.</exception>
    public static RowOutcome[] Read(DataProto reply, int rows, int rank)
    {
        if (reply.Length != rows)
        {
            throw new FleetException($"The worker answered {reply.Length} rows to a part of {rows}; compute_rewards returns one row for each, in order.");
        }

        if (!reply.NonTensorBatch.TryGetValue(BatchKeys.Status, out var status)) return ReadTensors(reply, rank);
        var score = reply.NonTensorBatch[BatchKeys.Score];
        var reward = reply.NonTensorBatch[BatchKeys.Reward];
        var reason = reply.NonTensorBatch[BatchKeys.Reason];
        var detail = reply.NonTensorBatch[BatchKeys.Detail];
        var components = reply.NonTensorBatch.GetValueOrDefault(BatchKeys.Components);
        var milliseconds = reply.NonTensorBatch[BatchKeys.Milliseconds];
        var outcomes = new RowOutcome[rows];
        for (var i = 0; i < rows; i++)
        {
            outcomes[i] = new RowOutcome
            {
                Status = RowStatuses.Parse(status.Text(i)) ?? throw new FleetException($"Row {i} of the reply has the status '{status.Text(i)}', which is none."),
                Score = score.Number(i),
                Reward = reward.Number(i),
                Reason = reason.Text(i) ?? "",
                Detail = detail.Text(i),
                Components = components?.Text(i),
                Rank = rank,
                Milliseconds = milliseconds.Number(i),
            };
        }

        return outcomes;
    }

    // A custom worker that overrides compute_rewards may answer as the reference's workers do: with tensors only.
    private static RowOutcome[] ReadTensors(DataProto reply, int rank)
    {
        if (reply.Find(BatchKeys.Scores) is not Tensor scores || reply.Find(BatchKeys.ResponseLevelRewards) is not Tensor rewards)
        {
            throw new FleetException($"The reply has neither row verdicts nor the tensors '{BatchKeys.Scores}' and '{BatchKeys.ResponseLevelRewards}'; it has {string.Join(", ", reply.Keys)}.");
        }

        var outcomes = new RowOutcome[reply.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var (score, reward) = (Number(scores, i), Number(rewards, i));
            outcomes[i] = double.IsFinite(score) && double.IsFinite(reward)
                ? new RowOutcome { Status = RowStatus.Scored, Score = score, Reward = reward, Reason = "scored_by_worker", Rank = rank }
                : new RowOutcome { Status = RowStatus.Failed, Reason = "not_a_number: The worker returned no finite score or reward.", Rank = rank };
        }

        return outcomes;
    }

    private static double Number(Tensor tensor, int row) => tensor.DType switch
    {
        DType.Float16 => (double)tensor.Span<Half>()[row],
        DType.Float32 => tensor.Span<float>()[row],
        DType.Float64 => tensor.Span<double>()[row],
        var other => throw new FleetException($"A tensor of rewards has the type {other}; a floating-point type is expected."),
    };
}
