using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>The keys and values of the tokens so far, so that each new token costs one token's work.</summary>
/// <remarks>Shape: each float [B, key heads, room, width] for one layer; the first <see cref="Length"/> of the room are filled.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    public KeyValueCache(ModelConfig config, long rows, long room, ScalarType type, Device device)
    {
        long[] shape = [rows, config.KeyValueHeads, room, config.HeadWidth];
        _keys = [.. Enumerable.Range(0, config.Layers).Select(_ => empty(shape, type, device).DetachFromDisposeScope())];
        _values = [.. Enumerable.Range(0, config.Layers).Select(_ => empty(shape, type, device).DetachFromDisposeScope())];
    }

    /// <summary>Tokens so far, padding included.</summary>
    public long Length { get; private set; }

    /// <summary>Adds the new tokens of a layer and returns all of them.</summary>
    public (Tensor Keys, Tensor Values) Add(int layer, Tensor keys, Tensor values)
    {
        var count = keys.shape[2];
        _keys[layer].narrow(2, Length, count).copy_(keys);
        _values[layer].narrow(2, Length, count).copy_(values);
        return (_keys[layer].narrow(2, 0, Length + count), _values[layer].narrow(2, 0, Length + count));
    }

    /// <summary>Counts the tokens that every layer has added.</summary>
    public void Advance(long count) => Length += count;

    /// <summary>Keeps these rows only.</summary>
    public void Keep(Tensor rows)
    {
        Keep(_keys, rows);
        Keep(_values, rows);
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values)) tensor.Dispose();
    }

    private static void Keep(Tensor[] tensors, Tensor rows)
    {
        for (var i = 0; i < tensors.Length; i++)
        {
            var kept = tensors[i].index_select(0, rows).DetachFromDisposeScope();
            tensors[i].Dispose();
            tensors[i] = kept;
        }
    }
}
