namespace Fleet.Worker.Models.Generation;

/// <summary>One answer while it grows.</summary>
internal sealed class Answer(GenerationRequest request, IReadOnlyList<int> endIds, Func<IReadOnlyList<int>, string> decode)
{
    private readonly List<int> _tokens = [];
    private readonly List<GenerationStep> _steps = [];
    private Generated? _result;

    /// <summary>Takes a token.</summary>
    /// <returns>Whether the answer is at its end.</returns>
    public bool Take(int token, GenerationStep? step)
    {
        if (_result is not null) return true;
        if (request.Abandoned.IsCancellationRequested) return End(GenerationEnd.Abandoned);
        if (step is not null && request.TopLogProbabilities > 0) _steps.Add(step with { Likeliest = [.. step.Likeliest.Take(request.TopLogProbabilities)] });
        if (endIds.Contains(token)) return End(GenerationEnd.Stop);
        _tokens.Add(token);
        if (request.Stop.Count > 0)
        {
            var text = decode(_tokens);
            var cut = request.Stop.Where(stop => stop.Length > 0).Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
            if (cut >= 0)
            {
                _result = new Generated([.. _tokens], text[..cut], GenerationEnd.Stop, _steps);
                return true;
            }
        }

        return _tokens.Count >= request.MaxNewTokens && End(GenerationEnd.Length);
    }

    /// <summary>The answer at its end.</summary>
    public Generated Result() => _result ?? throw new InvalidOperationException("The answer has not ended.");

    private bool End(GenerationEnd end)
    {
        _result = new Generated([.. _tokens], decode(_tokens), end, _steps);
        return true;
    }
}
