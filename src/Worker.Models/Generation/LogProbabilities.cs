using static TorchSharp.torch;

namespace Fleet.Worker.Models.Generation;

/// <summary>The log-probabilities of one step of a batch.</summary>
internal static class LogProbabilities
{
    /// <summary>What was drawn and the likeliest tokens of each row; null when none are asked for.</summary>
    public static GenerationStep[]? Of(Tensor logits, long[] tokens, int count)
    {
        if (count <= 0) return null;
        using var scope = NewDisposeScope();
        var all = logits.to_type(ScalarType.Float32).log_softmax(-1);
        var (values, indices) = all.topk(Math.Min(count, (int)all.shape[1]), -1);
        var drawn = all.gather(-1, tensor(tokens, [tokens.Length, 1], device: all.device)).reshape(-1).cpu().data<float>().ToArray();
        var likeliest = values.cpu().data<float>().ToArray();
        var ids = indices.cpu().data<long>().ToArray();
        var width = (int)values.shape[1];
        return [.. tokens.Select((token, row) => new GenerationStep((int)token, drawn[row], [.. Enumerable.Range(0, width).Select(i => ((int)ids[(row * width) + i], (double)likeliest[(row * width) + i]))]))];
    }
}
