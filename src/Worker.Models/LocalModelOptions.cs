namespace Fleet.Worker.Models;

/// <summary>Where a local model runs and in what numbers.</summary>
public sealed record LocalModelOptions
{
    /// <summary>The device.</summary>
    /// <value><c>cpu</c> (default) or <c>cuda:N</c>.</value>
    public string Device { get; init; } = "cpu";

    /// <summary>The type of the weights and of the arithmetic.</summary>
    /// <value><c>fp32</c>, <c>bf16</c> or <c>fp16</c>; default <c>fp32</c> on the processor and <c>bf16</c> on a GPU.</value>
    public string? Type { get; init; }

    /// <summary>The most rows in one pass; where they are long there are fewer, so that memory does not grow with them.</summary>
    /// <value>1 or more; default 16 (<c>infer_batch_size</c>).</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>The longest row, prompt and answer together, in tokens.</summary>
    /// <value>Default the context that the model was made for.</value>
    public int? MaxTokens { get; init; }
}
