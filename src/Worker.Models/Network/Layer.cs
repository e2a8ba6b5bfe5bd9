using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Fleet.Worker.Models.Network;

/// <summary>One layer: attention over the tokens of a row, then a gated linear unit for each token.</summary>
/// <remarks>Source: grouped queries arXiv 2305.13245, SwiGLU 2002.05202, query and key norms 2505.09388.</remarks>
internal sealed class Layer : IDisposable
{
    private readonly ModelConfig _config;
    private readonly Norm _inputNorm;
    private readonly Projection _queriesKeysValues;
    private readonly Norm? _queryNorm;
    private readonly Norm? _keyNorm;
    private readonly Projection _output;
    private readonly Norm _middleNorm;
    private readonly Projection _gateAndUp;
    private readonly Projection _down;

    public Layer(ModelConfig config, WeightReader read, string prefix)
    {
        _config = config;
        long hidden = config.Hidden, queries = (long)config.Heads * config.HeadWidth, keys = (long)config.KeyValueHeads * config.HeadWidth;
        var (attention, unit) = (prefix + "self_attn.", prefix + "mlp.");
        var wide = read.Shape(unit + "gate_proj.weight")[0];
        Norm NormOf(string name, long width) => new(read.Read(name, width), config.NormEpsilon);
        Norm? OptionalNorm(string name) => read.Has(name) ? NormOf(name, config.HeadWidth) : null;

        _inputNorm = NormOf(prefix + "input_layernorm.weight", hidden);
        _queriesKeysValues = new Projection(read, hidden, (attention + "q_proj", queries), (attention + "k_proj", keys), (attention + "v_proj", keys));
        _queryNorm = OptionalNorm(attention + "q_norm.weight");
        _keyNorm = OptionalNorm(attention + "k_norm.weight");
        _output = new Projection(read, queries, (attention + "o_proj", hidden));
        _middleNorm = NormOf(prefix + "post_attention_layernorm.weight", hidden);
        _gateAndUp = new Projection(read, hidden, (unit + "gate_proj", wide), (unit + "up_proj", wide));
        _down = new Projection(read, wide, (unit + "down_proj", hidden));
    }

    /// <summary>The tokens after this layer; see <see cref="Transformer.Forward"/>.</summary>
    public Tensor Forward(Tensor x, int index, Tensor cosines, Tensor sines, Tensor? mask, KeyValueCache? cache)
    {
        var attended = x + Attention(_inputNorm.Of(x), index, cosines, sines, mask, cache);
        var gates = _gateAndUp.Of(_middleNorm.Of(attended)).chunk(2, -1);
        return attended + _down.Of(functional.silu(gates[0]) * gates[1]);
    }

    public void MoveTo(Device device)
    {
        _inputNorm.MoveTo(device);
        _queriesKeysValues.MoveTo(device);
        _queryNorm?.MoveTo(device);
        _keyNorm?.MoveTo(device);
        _output.MoveTo(device);
        _middleNorm.MoveTo(device);
        _gateAndUp.MoveTo(device);
        _down.MoveTo(device);
    }

    public void Dispose()
    {
        _inputNorm.Dispose();
        _queriesKeysValues.Dispose();
        _queryNorm?.Dispose();
        _keyNorm?.Dispose();
        _output.Dispose();
        _middleNorm.Dispose();
        _gateAndUp.Dispose();
        _down.Dispose();
    }

    private Tensor Attention(Tensor x, int index, Tensor cosines, Tensor sines, Tensor? mask, KeyValueCache? cache)
    {
        long rows = x.shape[0], tokens = x.shape[1], width = _config.HeadWidth, heads = _config.Heads, keyHeads = _config.KeyValueHeads;
        var all = _queriesKeysValues.Of(x).view(rows, tokens, heads + (2 * keyHeads), width).transpose(1, 2);
        var queries = all.narrow(1, 0, heads);
        var keys = all.narrow(1, heads, keyHeads);
        var values = all.narrow(1, heads + keyHeads, keyHeads);
        if (_queryNorm is not null) queries = _queryNorm.Of(queries);
        if (_keyNorm is not null) keys = _keyNorm.Of(keys);
        queries = Rotary.Turn(queries, cosines, sines);
        keys = Rotary.Turn(keys, cosines, sines);
        if (cache is not null) (keys, values) = cache.Add(index, keys, values);

        var group = heads / keyHeads;
        if (tokens == 1)
        {
            // One new token: the query heads of a group are rows of one product with their keys, which need no copies.
            var grouped = functional.scaled_dot_product_attention(queries.reshape(rows, keyHeads, group, width), keys, values, mask);
            return _output.Of(grouped.reshape(rows, 1, heads * width));
        }

        if (group > 1) (keys, values) = (keys.repeat_interleave(group, 1), values.repeat_interleave(group, 1));
        var mixed = functional.scaled_dot_product_attention(queries, keys, values, mask, is_casual: mask is null);
        return _output.Of(mixed.transpose(1, 2).reshape(rows, tokens, heads * width));
    }
}
