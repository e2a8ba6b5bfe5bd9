using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;

namespace Fleet.Dispatcher.Collecting;

/// <summary>The tensors that a trainer gets: made at the edge, from verdicts that are float64 until then.</summary>
public static class RewardBatch
{
    /// <summary>Builds the merged batch.</summary>
    /// <param name="data">The rows that were asked about; only <c>responses</c>, <c>id</c> and <c>group_id</c> are read.</param>
    /// <param name="outcomes">One outcome a row.</param>
    /// <param name="onUnscored">What a row without a verdict becomes.</param>
    /// <param name="placement">Which tokens get rewards.</param>
    /// <returns>
    /// <c>scores</c> and <c>response_level_rewards</c> float16 [B], <c>token_level_rewards</c> float16 [B, R] where
    /// <c>responses</c> ids exist, <c>reward_mask</c> bool [B], and <c>status</c>, <c>cause</c>, <c>reason</c>, <c>detail</c>, and the rows' <c>id</c> where they have one;
    /// where rows were shaped also <c>composite</c>, <c>advantage_input</c>, <c>keep</c>, <c>components</c>, <c>dropped_by</c>.
    /// </returns>
    /// <exception cref="FleetException">A row is unscored and <paramref name="onUnscored"/> says raise; or a value does not fit float16.</exception>
    public static DataProto Of(DataProto data, IReadOnlyList<RowOutcome> outcomes, OnUnscored onUnscored, TokenRewards placement = TokenRewards.Zeros)
    {
        if (placement != TokenRewards.Zeros) data = UnpaddedTokens.Of(data);
        var kept = Kept(data, outcomes, onUnscored);
        var rows = kept.Select(row => outcomes[row]).ToList();
        var unscored = onUnscored == OnUnscored.Zero ? Half.Zero : Half.NaN;

        var batch = new List<KeyValuePair<string, BatchColumn>>
        {
            new(BatchKeys.Scores, Tensor.Of<Half>([.. rows.Select((row, i) => ToHalf(row.Score, unscored, BatchKeys.Scores, kept[i]))], rows.Count)),
            new(BatchKeys.ResponseLevelRewards, Tensor.Of<Half>([.. rows.Select((row, i) => ToHalf(row.Reward, unscored, BatchKeys.ResponseLevelRewards, kept[i]))], rows.Count)),
            new(BatchKeys.RewardMask, Tensor.Of<bool>([.. rows.Select(row => row.Status == RowStatus.Scored)], rows.Count)),
        };
        if (data.Batch.GetValueOrDefault(BatchKeys.Responses) is { } responses)
        {
            batch.Insert(0, new(BatchKeys.TokenLevelRewards, TokenRewardColumn.Of(
                responses, kept, placement, i => ToHalf(rows[i].Shaped is { } shaped ? shaped.Composite : rows[i].Reward, unscored, BatchKeys.TokenLevelRewards, kept[i]), i => rows[i].Detail)));
        }

        var isShaped = rows.Exists(row => row.Shaped is not null);
        if (isShaped)
        {
            batch.Add(new(BatchKeys.Composite, Tensor.Of<Half>([.. rows.Select((row, i) => ToHalf(row.Shaped?.Composite, Half.NaN, BatchKeys.Composite, kept[i]))], rows.Count)));
            batch.Add(new(BatchKeys.AdvantageInput, Tensor.Of<Half>([.. rows.Select((row, i) => ToHalf(row.Shaped?.AdvantageInput, Half.NaN, BatchKeys.AdvantageInput, kept[i]))], rows.Count)));
            batch.Add(new(BatchKeys.Keep, Tensor.Of<bool>([.. rows.Select(row => row.Shaped?.Keep ?? row.Status == RowStatus.Scored)], rows.Count)));
        }

        return DataProto.Of(
            batch,
            [
                new(BatchKeys.Status, ValueColumn.OfText([.. rows.Select(row => row.Status.Word())])),
                new(BatchKeys.Cause, ValueColumn.OfText([.. rows.Select(row => row.Status.Cause())])),
                new(BatchKeys.Reason, ValueColumn.OfText([.. rows.Select(row => row.Reason)])),
                new(BatchKeys.Detail, ValueColumn.OfJsonText([.. rows.Select(row => row.Detail)])),
                .. isShaped ? ShapedTexts(rows) : [],
                .. Ids(data, kept),
            ],
            data.MetaInfo);
    }

    private static KeyValuePair<string, ValueColumn>[] ShapedTexts(List<RowOutcome> rows) =>
    [
        new(BatchKeys.Components, ValueColumn.OfJsonText([.. rows.Select(row => row.Shaped is null ? null : JsonSerializer.Serialize(row.Shaped.Components))])),
        new(BatchKeys.DroppedBy, ValueColumn.OfText([.. rows.Select(row => row.Shaped?.DroppedBy)])),
    ];

    private static KeyValuePair<string, ValueColumn>[] Ids(DataProto data, List<int> kept) =>
        data.NonTensorBatch.TryGetValue(BatchKeys.Id, out var ids) ? [new(BatchKeys.Id, DataProto.Of([], [new(BatchKeys.Id, ids)]).SelectIdxs(kept).NonTensorBatch[BatchKeys.Id])] : [];

    private static List<int> Kept(DataProto data, IReadOnlyList<RowOutcome> outcomes, OnUnscored onUnscored)
    {
        var all = Enumerable.Range(0, outcomes.Count);
        bool IsScored(int row) => outcomes[row].Status == RowStatus.Scored;
        switch (onUnscored)
        {
            case OnUnscored.Raise when all.Any(row => !IsScored(row)):
                var first = all.First(row => !IsScored(row));
                throw new FleetException(
                    $"{all.Count(row => !IsScored(row))} of {outcomes.Count} rows have no score; the first is row {first}: {outcomes[first].Status.Word()}, {outcomes[first].Reason}");
            case OnUnscored.DropRow:
                return [.. all.Where(IsScored)];
            case OnUnscored.DropGroup:
                // A row without a group is a group of its own.
                var groups = data.NonTensorBatch.GetValueOrDefault(BatchKeys.GroupId);
                var broken = all.Where(row => !IsScored(row)).Select(row => groups?.Text(row)).ToHashSet(StringComparer.Ordinal);
                return [.. all.Where(row => IsScored(row) && (groups?.Text(row) is not { } group || !broken.Contains(group)))];
            default:
                return [.. all];
        }
    }

    internal static Half ToHalf(double? value, Half unscored, string key, int row)
    {
        if (value is not { } number) return unscored;
        var half = (Half)number;
        return Half.IsFinite(half)
            ? half
            : throw new FleetException($"Row {row} has {number:R} in '{key}', which float16 cannot hold (at most 65,504); scale the reward in the configuration.");
    }
}
