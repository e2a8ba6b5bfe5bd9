using Fleet.Worker.Models.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Fleet.Worker.Models.Network;

/// <summary>The block that Qwen2, Qwen2.5, Qwen3 and Llama share: embedding, layers of attention and gated linear units, a norm.</summary>
/// <remarks>
/// What differs comes from the folder: biases and norms on queries and keys are used where the weights have them.
/// Source: RMSNorm arXiv 1910.07467, grouped queries 2305.13245, SwiGLU 2002.05202, query and key norms 2505.09388.
/// </remarks>
internal sealed class Transformer : IDisposable
{
    private readonly Layer[] _layers;
    private readonly Rotary _rotary;

    public Transformer(ModelConfig config, WeightFolder folder, ScalarType type, Device device)
    {
        Config = config;
        Type = type;
        Device = device;
        _rotary = new Rotary(config);
        var prefix = folder.FirstOf("model.embed_tokens.weight") is not null ? "model." : folder.FirstOf("pretrained_model.model.embed_tokens.weight") is not null ? "pretrained_model.model." : "";
        var read = new WeightReader(folder, type, device);
        Embedding = Kept(read.Read(prefix + "embed_tokens.weight", config.Vocabulary, config.Hidden));
        Norm = Kept(read.Read(prefix + "norm.weight", config.Hidden));
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new Layer(config, read, folder, $"{prefix}layers.{i}."))];
    }

    public ModelConfig Config { get; }

    public ScalarType Type { get; }

    public Device Device { get; private set; }

    /// <summary>float [vocabulary, hidden].</summary>
    public Tensor Embedding { get; private set; }

    private Tensor Norm { get; set; }

    /// <summary>The hidden state of each token after the last norm.</summary>
    /// <param name="ids">int64 [B, T].</param>
    /// <param name="positions">int64 [B, T].</param>
    /// <param name="mask">float [B, 1, T, S], added to the attention's scores; S counts the tokens of the cache too.</param>
    /// <param name="longest">No position is as high as this.</param>
    /// <param name="cache">The tokens before these, or null.</param>
    /// <returns>float [B, T, hidden].</returns>
    public Tensor Forward(Tensor ids, Tensor positions, Tensor mask, long longest, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        var x = Embedding.index_select(0, ids.reshape(-1)).reshape(ids.shape[0], ids.shape[1], Config.Hidden);
        var (cosines, sines) = _rotary.At(positions, longest, Type);
        for (var i = 0; i < _layers.Length; i++)
        {
            using var layerScope = NewDisposeScope();
            x = _layers[i].Forward(x, i, cosines, sines, mask, cache).MoveToOuterDisposeScope();
        }

        cache?.Advance(ids.shape[1]);
        return Normed(x, Norm, Config.NormEpsilon).MoveToOuterDisposeScope();
    }

    /// <summary>Moves all weights.</summary>
    public void MoveTo(Device device)
    {
        Device = device;
        Embedding = Moved(Embedding, device);
        Norm = Moved(Norm, device);
        foreach (var layer in _layers) layer.MoveTo(device);
    }

    public void Dispose()
    {
        Embedding.Dispose();
        Norm.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        _rotary.Dispose();
    }

    internal static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();

    internal static Tensor Moved(Tensor tensor, Device device)
    {
        var moved = tensor.to(device);
        if (!ReferenceEquals(moved, tensor) && moved.Handle != tensor.Handle) tensor.Dispose();
        return Kept(moved);
    }

    // In single precision whatever the weights are: a mean of squares of half precision overflows.
    private static Tensor Normed(Tensor x, Tensor weight, double epsilon)
    {
        var wide = x.to_type(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return (wide * scale).to_type(x.dtype) * weight;
    }

    private sealed class Layer : IDisposable
    {
        private readonly ModelConfig _config;
        private readonly Tensor?[] _weights;

        public Layer(ModelConfig config, WeightReader read, WeightFolder folder, string prefix)
        {
            _config = config;
            long hidden = config.Hidden, queries = (long)config.Heads * config.HeadWidth, keys = (long)config.KeyValueHeads * config.HeadWidth;
            var wide = folder[prefix + "mlp.gate_proj.weight"].Tensor.Shape[0];
            string Attention(string name) => $"{prefix}self_attn.{name}_proj.";

            // Queries, keys and values in one product, gate and up in another: the same numbers with fewer passes over memory.
            _weights =
            [
                Kept(read.Read(prefix + "input_layernorm.weight", hidden)),
                Kept(read.ReadJoined((Attention("q") + "weight", [queries, hidden]), (Attention("k") + "weight", [keys, hidden]), (Attention("v") + "weight", [keys, hidden]))),
                folder.FirstOf(Attention("q") + "bias") is null ? null : Kept(read.ReadJoined((Attention("q") + "bias", [queries]), (Attention("k") + "bias", [keys]), (Attention("v") + "bias", [keys]))),
                Optional(read.ReadIfThere(prefix + "self_attn.q_norm.weight", config.HeadWidth)),
                Optional(read.ReadIfThere(prefix + "self_attn.k_norm.weight", config.HeadWidth)),
                Kept(read.Read(Attention("o") + "weight", hidden, queries)),
                Optional(read.ReadIfThere(Attention("o") + "bias", hidden)),
                Kept(read.Read(prefix + "post_attention_layernorm.weight", hidden)),
                Kept(read.ReadJoined((prefix + "mlp.gate_proj.weight", [wide, hidden]), (prefix + "mlp.up_proj.weight", [wide, hidden]))),
                folder.FirstOf(prefix + "mlp.gate_proj.bias") is null ? null : Kept(read.ReadJoined((prefix + "mlp.gate_proj.bias", [wide]), (prefix + "mlp.up_proj.bias", [wide]))),
                Kept(read.Read(prefix + "mlp.down_proj.weight", hidden, wide)),
                Optional(read.ReadIfThere(prefix + "mlp.down_proj.bias", hidden)),
            ];
        }

        private Tensor InputNorm => _weights[0]!;

        private Tensor Projection => _weights[1]!;

        private Tensor? ProjectionBias => _weights[2];

        private Tensor? QueryNorm => _weights[3];

        private Tensor? KeyNorm => _weights[4];

        private Tensor Output => _weights[5]!;

        private Tensor? OutputBias => _weights[6];

        private Tensor MiddleNorm => _weights[7]!;

        private Tensor GateAndUp => _weights[8]!;

        private Tensor? GateAndUpBias => _weights[9];

        private Tensor Down => _weights[10]!;

        private Tensor? DownBias => _weights[11];

        public Tensor Forward(Tensor x, int index, Tensor cosines, Tensor sines, Tensor mask, KeyValueCache? cache)
        {
            var attended = x + Attention(Normed(x, InputNorm, _config.NormEpsilon), index, cosines, sines, mask, cache);
            var gates = functional.linear(Normed(attended, MiddleNorm, _config.NormEpsilon), GateAndUp, GateAndUpBias).chunk(2, -1);
            return attended + functional.linear(functional.silu(gates[0]) * gates[1], Down, DownBias);
        }

        public void MoveTo(Device device)
        {
            for (var i = 0; i < _weights.Length; i++) _weights[i] = _weights[i] is { } weight ? Moved(weight, device) : null;
        }

        public void Dispose()
        {
            foreach (var weight in _weights) weight?.Dispose();
        }

        private static Tensor? Optional(Tensor? tensor) => tensor is null ? null : Kept(tensor);

        private Tensor Attention(Tensor x, int index, Tensor cosines, Tensor sines, Tensor mask, KeyValueCache? cache)
        {
            long rows = x.shape[0], tokens = x.shape[1], width = _config.HeadWidth, heads = _config.Heads, keyHeads = _config.KeyValueHeads;
            var all = functional.linear(x, Projection, ProjectionBias).view(rows, tokens, heads + (2 * keyHeads), width).transpose(1, 2);
            var queries = all.narrow(1, 0, heads);
            var keys = all.narrow(1, heads, keyHeads);
            var values = all.narrow(1, heads + keyHeads, keyHeads);
            if (QueryNorm is { } queryNorm) queries = Normed(queries, queryNorm, _config.NormEpsilon);
            if (KeyNorm is { } keyNorm) keys = Normed(keys, keyNorm, _config.NormEpsilon);
            queries = Rotary.Turn(queries, cosines, sines);
            keys = Rotary.Turn(keys, cosines, sines);
            if (cache is not null) (keys, values) = cache.Add(index, keys, values);

            var group = heads / keyHeads;
            if (tokens == 1)
            {
                // One new token: the query heads of a group are rows of one product with their keys, which need no copies.
                var grouped = functional.scaled_dot_product_attention(queries.reshape(rows, keyHeads, group, width), keys, values, mask);
                return functional.linear(grouped.reshape(rows, 1, heads * width), Output, OutputBias);
            }

            if (group > 1) (keys, values) = (keys.repeat_interleave(group, 1), values.repeat_interleave(group, 1));
            var mixed = functional.scaled_dot_product_attention(queries, keys, values, mask);
            return functional.linear(mixed.transpose(1, 2).reshape(rows, tokens, heads * width), Output, OutputBias);
        }
    }
}
