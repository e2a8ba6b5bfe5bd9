using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Collecting;

/// <summary>Which tokens of a response get its reward.</summary>
public enum TokenRewards
{
    /// <summary>None: the reward stands beside the tokens, as the reference's workers return it.</summary>
    Zeros,

    /// <summary>The last valid one: the composite where the row has one, else the response-level reward.</summary>
    LastValidToken,

    /// <summary>Each one the value that a token-level model gave it, the row's <c>detail.token_values</c>; a row without such values is placed as with <see cref="LastValidToken"/>.</summary>
    ModelValues,
}

/// <summary>Builds <c>token_level_rewards</c>.</summary>
internal static class TokenRewardColumn
{
    private const string TokenValues = "token_values";

    /// <summary>The column.</summary>
    /// <remarks>Shape: float16 [B, R], R being the padded width of the responses.</remarks>
    /// <param name="responses">The response ids of all rows that were asked about.</param>
    /// <param name="kept">The rows that are in the result.</param>
    /// <param name="placement">Where rewards go.</param>
    /// <param name="reward">The reward of the i-th kept row.</param>
    /// <param name="detail">The detail of the i-th kept row, as a JSON object.</param>
    /// <exception cref="FleetException">The responses have no token axis, or float16 cannot hold a value.</exception>
    public static Tensor Of(BatchColumn responses, IReadOnlyList<int> kept, TokenRewards placement, Func<int, Half> reward, Func<int, string?> detail)
    {
        var width = responses.Shape is [_, var columns] ? columns : throw new FleetException($"The column '{BatchKeys.Responses}' has no token axis; [B, R] is expected.");
        if (placement == TokenRewards.Zeros || responses is not TokenColumn tokens) return Tensor.Zeros(DType.Float16, kept.Count, width);

        var rewards = new Half[kept.Count * width];
        for (var i = 0; i < kept.Count; i++)
        {
            var row = rewards.AsSpan(i * width, tokens.Row(kept[i]).Length);
            if (row.IsEmpty) continue;
            if (placement == TokenRewards.ModelValues && Values(detail(i), kept[i]) is { Length: > 0 } values)
            {
                // The model may have read the prompt too: its last values are the response's.
                var common = Math.Min(values.Length, row.Length);
                values.AsSpan(^common..).CopyTo(row[^common..]);
            }
            else
            {
                row[^1] = reward(i);
            }
        }

        return Tensor.Of<Half>(rewards, kept.Count, width);
    }

    private static Half[]? Values(string? detail, int row)
    {
        if (detail is null || !detail.Contains(TokenValues, StringComparison.Ordinal)) return null;
        using var json = JsonDocument.Parse(detail);
        return json.RootElement is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(TokenValues, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(value => RewardBatch.ToHalf(value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null, Half.NaN, BatchKeys.TokenLevelRewards, row))]
            : null;
    }
}
