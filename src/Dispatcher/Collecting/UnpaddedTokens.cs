using Fleet.Contracts;
using Fleet.Contracts.Batches;

namespace Fleet.Dispatcher.Collecting;

/// <summary>A trainer's padded ids without their padding: workers decode what the model said, and nothing else.</summary>
internal static class UnpaddedTokens
{
    /// <summary>The batch with <c>prompts</c> and <c>responses</c> as ragged ids of the same padded width.</summary>
    /// <param name="data">A batch whose ids may be padded tensors beside <c>attention_mask</c> [B, P + R] or <c>response_mask</c>, [B, R] or [B, P + R].</param>
    /// <exception cref="FleetException">Padded responses come without a mask: a padding id may be a token too.</exception>
    public static DataProto Of(DataProto data)
    {
        if (data.Batch.GetValueOrDefault(BatchKeys.Prompts) is Tensor { Shape: [_, var length] } prompts)
        {
            if (Mask(data, BatchKeys.AttentionMask) is { } mask) data = data.With(BatchKeys.Prompts, TokenColumn.FromPadded(prompts, Columns(mask, 0, length), PadSide.Left));
        }

        if (data.Batch.GetValueOrDefault(BatchKeys.Responses) is Tensor { Shape: [_, var width] } responses)
        {
            var mask = Mask(data, BatchKeys.ResponseMask) ?? Mask(data, BatchKeys.AttentionMask)
                ?? throw new FleetException($"'{BatchKeys.Responses}' is a padded tensor without '{BatchKeys.AttentionMask}' or '{BatchKeys.ResponseMask}'; give one of them, or ids without padding.");
            data = data.With(BatchKeys.Responses, TokenColumn.FromPadded(responses, Columns(mask, mask.Shape[1] - width, width)));
        }

        return data;
    }

    private static Tensor? Mask(DataProto data, string key) => data.Batch.GetValueOrDefault(key) as Tensor is { Shape: [_, _] } mask ? mask : null;

    private static Tensor Columns(Tensor mask, int first, int count)
    {
        var (rows, all) = (mask.Shape[0], mask.Shape[1]);
        if (first < 0 || first + count > all) throw new FleetException($"A mask has {all} columns; at least {count} are needed for the tokens beside it.");
        if (count == all) return mask;
        var size = all == 0 ? 0 : mask.Data.Length / Math.Max(1, rows) / all;
        var cut = new byte[rows * count * size];
        for (var row = 0; row < rows; row++) mask.Data.Span.Slice(((row * all) + first) * size, count * size).CopyTo(cut.AsSpan(row * count * size));
        return Tensor.Wrap(mask.DType, cut, rows, count);
    }
}
