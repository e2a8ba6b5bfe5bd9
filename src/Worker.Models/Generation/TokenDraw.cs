using static TorchSharp.torch;

namespace Fleet.Worker.Models.Generation;

/// <summary>Draws the next token of each row of a batch.</summary>
/// <remarks>
/// Each row has its own random numbers, so what it draws does not depend on its neighbours. Temperature is applied first,
/// then the cut to <c>top_k</c>, then the cut to <c>top_p</c> of what is left.
/// </remarks>
internal sealed class TokenDraw(IReadOnlyList<GenerationRequest> requests)
{
    private readonly Random[] _random = [.. requests.Select(request => new Random(Mixed(request.Seed)))];

    /// <summary>The tokens.</summary>
    /// <param name="logits">float [B, vocabulary].</param>
    /// <param name="rows">Which request each row of the batch belongs to.</param>
    public long[] Next(Tensor logits, IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to_type(ScalarType.Float32);
        var likeliest = wide.argmax(-1).cpu().data<long>().ToArray();
        if (rows.All(row => requests[row].Temperature <= 0)) return likeliest;

        float[] Each(Func<GenerationRequest, double> value) => [.. rows.Select(row => (float)value(requests[row]))];
        long[] column = [rows.Count, 1];
        var temperature = tensor(Each(r => r.Temperature > 0 ? r.Temperature : 1), column, device: wide.device);
        var (sorted, order) = (wide / temperature).softmax(-1).sort(-1, descending: true);
        var rank = arange(sorted.shape[1], device: wide.device).unsqueeze(0);
        var kept = sorted * (rank < tensor(Each(r => r.TopK > 0 ? r.TopK : sorted.shape[1]), column, device: wide.device));
        kept /= kept.sum(-1, keepdim: true);
        var before = kept.cumsum(-1) - kept;
        kept *= before < tensor(Each(r => r.TopP), column, device: wide.device);

        // A point on the line of what is left; double precision, so that a large vocabulary adds up.
        var line = kept.to_type(ScalarType.Float64).cumsum(-1);
        var points = tensor(rows.Select(row => requests[row].Temperature > 0 ? _random[row].NextDouble() : 0).ToArray(), column, device: wide.device);
        var drawn = (line <= points * line.narrow(-1, line.shape[1] - 1, 1)).sum(-1, keepdim: true).clamp_max(sorted.shape[1] - 1);
        var tokens = order.gather(-1, drawn).reshape(-1).cpu().data<long>().ToArray();
        return [.. rows.Select((row, i) => requests[row].Temperature > 0 ? tokens[i] : likeliest[i])];
    }

    private static int Mixed(long seed) => unchecked((int)(seed ^ (seed >> 32)));
}
