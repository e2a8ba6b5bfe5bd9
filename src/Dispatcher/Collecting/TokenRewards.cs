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
}

/// <summary>Builds <c>token_level_rewards</c>.</summary>
internal static class TokenRewardColumn
{
    /// <summary>The column.</summary>
    /// <remarks>Shape: float16 [B, R], R being the padded width of the responses.</remarks>
    /// <param name="responses">The response ids of all rows that were asked about.</param>
    /// <param name="kept">The rows that are in the result.</param>
    /// <param name="placement">Where rewards go.</param>
    /// <param name="reward">The reward of the i-th kept row.</param>
    /// <exception cref="FleetException">The responses have no token axis.</exception>
    public static Tensor Of(BatchColumn responses, IReadOnlyList<int> kept, TokenRewards placement, Func<int, Half> reward)
    {
        var width = responses.Shape is [_, var columns] ? columns : throw new FleetException($"The column '{BatchKeys.Responses}' has no token axis; [B, R] is expected.");
        if (placement == TokenRewards.Zeros || responses is not TokenColumn tokens) return Tensor.Zeros(DType.Float16, kept.Count, width);

        var rewards = new Half[kept.Count * width];
        for (var i = 0; i < kept.Count; i++)
        {
            if (tokens.Row(kept[i]).Length is > 0 and var length) rewards[(i * width) + length - 1] = reward(i);
        }

        return Tensor.Of<Half>(rewards, kept.Count, width);
    }
}
