using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>Rows of token ids as one batch, filled up on the left.</summary>
/// <remarks>On the left, so that the last token of every row stands at the end, where the next one is added.</remarks>
internal sealed class TokenRows
{
    private TokenRows(Tensor ids, Tensor positions, Tensor valid, long longest, bool isFilled)
    {
        Ids = ids;
        Positions = positions;
        Valid = valid;
        Longest = longest;
        IsFilled = isFilled;
    }

    /// <summary>int64 [B, T].</summary>
    public Tensor Ids { get; }

    /// <summary>int64 [B, T]: each row counts from 0 at its first token.</summary>
    public Tensor Positions { get; }

    /// <summary>bool [B, T]: which are tokens and not filling.</summary>
    public Tensor Valid { get; }

    /// <summary>Tokens of the longest row.</summary>
    public long Longest { get; }

    /// <summary>Whether a row is shorter than another, so that there is filling.</summary>
    public bool IsFilled { get; }

    /// <summary>A batch of rows, none of them empty.</summary>
    public static TokenRows Of(IReadOnlyList<IReadOnlyList<int>> rows, Device device)
    {
        var longest = rows.Max(row => row.Count);
        var ids = new long[rows.Count * longest];
        var positions = new long[rows.Count * longest];
        var valid = new bool[rows.Count * longest];
        for (var r = 0; r < rows.Count; r++)
        {
            var at = (r * longest) + longest - rows[r].Count;
            for (var i = 0; i < rows[r].Count; i++) (ids[at + i], positions[at + i], valid[at + i]) = (rows[r][i], i, true);
        }

        long[] shape = [rows.Count, longest];
        return new TokenRows(tensor(ids, shape, device: device), tensor(positions, shape, device: device), tensor(valid, shape, device: device), longest, rows.Any(row => row.Count < longest));
    }

    /// <summary>The mask of a first pass: each token sees the tokens of its row up to itself.</summary>
    /// <param name="type">The type of the mask.</param>
    /// <param name="from">The first token that looks.</param>
    /// <param name="count">How many tokens look; those before them are in the cache.</param>
    /// <returns>float [B, 1, count, from + count]; null where nothing is filled, for then no mask is needed.</returns>
    public Tensor? CausalMask(ScalarType type, long from, long count)
    {
        if (!IsFilled) return null;
        using var scope = NewDisposeScope();
        var causal = ones(count, from + count, ScalarType.Bool, Valid.device).tril(from);

        // Filling sees itself, since a softmax over nothing is not a number.
        var seen = (causal.unsqueeze(0) & Valid.narrow(1, 0, from + count).unsqueeze(1)) | causal.triu(from).unsqueeze(0);
        return Added(seen.unsqueeze(1), type).MoveToOuterDisposeScope();
    }

    /// <summary>A mask in the form that is added to scores: 0 where something is seen and far below elsewhere.</summary>
    public static Tensor Added(Tensor seen, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return zeros(seen.shape, type, seen.device).masked_fill_(seen.logical_not(), type == ScalarType.Float16 ? -60_000f : -1e30f).MoveToOuterDisposeScope();
    }
}
