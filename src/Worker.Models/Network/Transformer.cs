using Fleet.Worker.Models.Weights;
using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>The block that Qwen2, Qwen2.5, Qwen3 and Llama share: embedding, layers of attention and gated linear units, a norm.</summary>
/// <remarks>What differs comes from the folder: biases and norms on queries and keys are used where the weights have them.</remarks>
internal sealed class Transformer : IDisposable
{
    private readonly Layer[] _layers;
    private readonly Norm _norm;
    private readonly Rotary _rotary;

    public Transformer(ModelConfig config, WeightFolder folder, ScalarType type, Device device)
    {
        Config = config;
        Type = type;
        Device = device;
        _rotary = new Rotary(config);
        var prefix = folder.FirstOf("model.embed_tokens.weight") is not null ? "model." : folder.FirstOf("pretrained_model.model.embed_tokens.weight") is not null ? "pretrained_model.model." : "";
        var read = new WeightReader(folder, type, device);
        Embedding = Weight.Kept(read.Read(prefix + "embed_tokens.weight", config.Vocabulary, config.Hidden));
        _norm = new Norm(read.Read(prefix + "norm.weight", config.Hidden), config.NormEpsilon);
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new Layer(config, read, $"{prefix}layers.{i}."))];
    }

    public ModelConfig Config { get; }

    public ScalarType Type { get; }

    public Device Device { get; private set; }

    /// <summary>float [vocabulary, hidden].</summary>
    public Tensor Embedding { get; private set; }

    /// <summary>The hidden state of each token after the last norm.</summary>
    /// <param name="ids">int64 [B, T].</param>
    /// <param name="positions">int64 [B, T].</param>
    /// <param name="mask">float [B, 1, T, S], added to the attention's scores; S counts the tokens of the cache too. Null where no row has
    /// filling: each token sees its row up to itself. Then T is 1, or the cache is empty.</param>
    /// <param name="longest">No position is as high as this.</param>
    /// <param name="cache">The tokens before these, or null.</param>
    /// <returns>float [B, T, hidden].</returns>
    public Tensor Forward(Tensor ids, Tensor positions, Tensor? mask, long longest, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        var x = Embedding.index_select(0, ids.reshape(-1)).reshape(ids.shape[0], ids.shape[1], Config.Hidden);
        var (cosines, sines) = _rotary.At(positions, longest, Type);
        for (var i = 0; i < _layers.Length; i++)
        {
            using var layerScope = NewDisposeScope();
            var next = _layers[i].Forward(x, i, cosines, sines, mask, cache).MoveToOuterDisposeScope();
            x.Dispose();
            x = next;
        }

        cache?.Advance(ids.shape[1]);
        return _norm.Of(x).MoveToOuterDisposeScope();
    }

    /// <summary>Moves all weights.</summary>
    public void MoveTo(Device device)
    {
        Device = device;
        Embedding = Weight.Moved(Embedding, device);
        _norm.MoveTo(device);
        foreach (var layer in _layers) layer.MoveTo(device);
    }

    public void Dispose()
    {
        Embedding.Dispose();
        _norm.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        _rotary.Dispose();
    }
}
