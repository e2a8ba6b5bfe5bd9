using Fleet.Worker.Models.Weights;
using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>Brings tensors of a weight folder onto a device.</summary>
internal sealed class WeightReader(WeightFolder folder, ScalarType type, Device device)
{
    private const int ChunkBytes = 256 << 20;

    /// <summary>Whether the folder has a tensor of this name.</summary>
    public bool Has(string name) => folder.FirstOf(name) is not null;

    /// <summary>The axes of a tensor.</summary>
    /// <exception cref="ModelException">It is missing.</exception>
    public IReadOnlyList<long> Shape(string name) => folder[name].Tensor.Shape;

    /// <summary>A tensor of this shape.</summary>
    /// <exception cref="ModelException">It is missing or has another shape.</exception>
    public Tensor Read(string name, params long[] shape)
    {
        var (file, stored) = folder[name];
        if (!stored.Shape.SequenceEqual(shape)) throw new ModelException($"The tensor '{name}' in {folder.Path} has the shape [{string.Join(", ", stored.Shape)}]; config.json asks for [{string.Join(", ", shape)}].");
        using var scope = NewDisposeScope();
        var kind = stored.Type switch { WeightType.Float32 => ScalarType.Float32, WeightType.Float16 => ScalarType.Float16, _ => ScalarType.BFloat16 };
        var result = empty(shape, kind);
        var flat = result.reshape(-1);
        var size = stored.Bytes / Math.Max(1, flat.shape[0]);

        // A span has at most 2^31 bytes, an embedding may have more.
        for (long done = 0; done < stored.Bytes; done += ChunkBytes)
        {
            var bytes = Math.Min(ChunkBytes, stored.Bytes - done);
            file.Copy(stored, done, flat.narrow(0, done / size, bytes / size).bytes);
        }

        return result.to(type, device).MoveToOuterDisposeScope();
    }

    /// <summary>Several tensors, one below the other.</summary>
    /// <exception cref="ModelException">One is missing or has another shape.</exception>
    public Tensor ReadJoined((string Name, long[] Shape)[] parts)
    {
        if (parts is [var only]) return Read(only.Name, only.Shape);
        using var scope = NewDisposeScope();
        return cat([.. parts.Select(part => Read(part.Name, part.Shape))], 0).MoveToOuterDisposeScope();
    }
}
