using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Worker.Models.Strategies;

/// <summary>The rows of <c>input_ids</c> without what is no token.</summary>
/// <remarks>Ragged rows may still have padding at the end that was not cut: a trainer's left padding is inside the row.</remarks>
internal sealed class InputIds
{
    private readonly BatchColumn _ids;
    private readonly Tensor? _mask;
    private readonly int? _padId;

    private InputIds(BatchColumn ids, Tensor? mask, int? padId) => (_ids, _mask, _padId) = (ids, mask, padId);

    /// <summary>The rows; null when the batch has no <c>input_ids</c>.</summary>
    /// <param name="batch">The batch; <c>attention_mask</c>, where it has one, says which positions of the padded rows are tokens.</param>
    /// <param name="padId">The id that pads, as the tokenizer says; a ragged column knows its own.</param>
    /// <exception cref="FleetException">The mask has another shape than the ids.</exception>
    public static InputIds? Of(DataProto batch, int? padId)
    {
        if (batch.Batch.GetValueOrDefault(BatchKeys.InputIds) is not { } ids) return null;
        if (batch.Batch.GetValueOrDefault(BatchKeys.AttentionMask)?.ToTensor() is not { } mask) return new InputIds(ids, null, ids is TokenColumn tokens ? tokens.PadId : padId);
        if (mask.Shape.AsSpan().SequenceEqual(ids.Shape.AsSpan())) return new InputIds(ids.ToTensor(), mask, null);
        throw new FleetException($"'{BatchKeys.AttentionMask}' has the shape [{string.Join(", ", mask.Shape)}] and '{BatchKeys.InputIds}' [{string.Join(", ", ids.Shape)}]; the mask has a value for each id.");
    }

    /// <summary>The tokens of a row.</summary>
    /// <param name="row">Which.</param>
    /// <param name="endIds">The ids that end a text.</param>
    /// <returns>Their ids, and where each stands: in the padded row, or without a mask in the ragged one.</returns>
    public (IReadOnlyList<int> Ids, IReadOnlyList<int> Positions) Row(int row, IReadOnlyList<int> endIds)
    {
        var tokens = _ids as TokenColumn;
        var ids = tokens is null ? Integers((Tensor)_ids, row) : tokens.Row(row).ToArray();
        bool[]? mask = _mask is null ? null : [.. Integers(_mask, row).Select(value => value != 0)];
        var positions = ScoredTokens.Positions(ids, mask, endIds, _padId, tokens?.PadSide);
        return ([.. positions.Select(position => ids[position])], positions);
    }

    // An id beyond 32 bits is in no vocabulary; cut to 32 bits it could be.
    private static int[] Integers(Tensor tensor, int row) => tensor.DType switch
    {
        DType.Int64 => [.. tensor.Row<long>(row).ToArray().Select(value => value == (int)value ? (int)value : -1)],
        DType.Int32 => tensor.Row<int>(row).ToArray(),
        DType.Bool => [.. tensor.Row<bool>(row).ToArray().Select(value => value ? 1 : 0)],
        _ => throw new FleetException($"Ids and masks are integers, and this column is {tensor.DType}."),
    };
}
