namespace Fleet.Shaping.Placement;

/// <summary>Puts a row's reward onto its tokens.</summary>
/// <remarks>Shape: float16 [R], the width of the padded response.</remarks>
public static class TokenPlacement
{
    /// <summary>No token gets anything: the reward stands beside the tokens, as the reference's workers return it.</summary>
    public static Half[] Zeros(int width) => new Half[width];

    /// <summary>The last valid token gets the reward.</summary>
    /// <param name="reward">The reward.</param>
    /// <param name="mask">Which positions hold tokens of the response.</param>
    /// <param name="ids">The token ids; empty when only the mask is known.</param>
    /// <param name="endOfSequence">The ids that end a response. The padding id is never looked at: it may be one of these, or a token.</param>
    /// <returns>All zero when no position is valid.</returns>
    /// <exception cref="OverflowException">The reward is not a number that float16 can hold.</exception>
    public static Half[] LastValidToken(double reward, ReadOnlySpan<bool> mask, ReadOnlySpan<int> ids = default, ReadOnlySpan<int> endOfSequence = default)
    {
        var placed = new Half[mask.Length];
        var last = LastValid(mask, ids, endOfSequence);
        if (last >= 0) placed[last] = ToHalf(reward);
        return placed;
    }

    /// <summary>The last token of each span gets the span's reward; rewards that meet on one token add up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A span is empty or leaves the row.</exception>
    /// <exception cref="OverflowException">A reward is not a number that float16 can hold.</exception>
    public static Half[] Spans(IReadOnlyList<SpanReward> spans, int width)
    {
        var sums = new double[width];
        foreach (var span in spans)
        {
            if (span.Start < 0 || span.End > width || span.Start >= span.End)
                throw new ArgumentOutOfRangeException(nameof(spans), $"The span {span.Start}..{span.End} is empty or leaves the row of {width} tokens.");
            sums[span.End - 1] += span.Reward;
        }

        return Array.ConvertAll(sums, ToHalf);
    }

    /// <summary>The position of the last valid token: the first end of sequence among the valid ones, else the last valid one; -1 when none is valid.</summary>
    public static int LastValid(ReadOnlySpan<bool> mask, ReadOnlySpan<int> ids = default, ReadOnlySpan<int> endOfSequence = default)
    {
        for (var i = 0; i < ids.Length && i < mask.Length; i++)
        {
            if (mask[i] && endOfSequence.Contains(ids[i])) return i;
        }

        return mask.LastIndexOf(true);
    }

    /// <summary>A reward in half precision.</summary>
    /// <exception cref="OverflowException">The reward is not finite, or larger than float16 can hold: an infinite reward would spoil a training step silently.</exception>
    public static Half ToHalf(double reward)
    {
        var half = (Half)reward;
        return Half.IsFinite(half) ? half : throw new OverflowException($"The reward {reward} does not fit float16, which ends at 65504; clip or scale it.");
    }
}

/// <summary>A reward of some neighbouring tokens.</summary>
/// <param name="Start">The first token.</param>
/// <param name="End">The token behind the last one.</param>
/// <param name="Reward">The reward.</param>
public readonly record struct SpanReward(int Start, int End, double Reward);
