using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace Fleet.Worker.Models.Weights;

/// <summary>How numbers are stored.</summary>
public enum WeightType
{
    /// <summary>Four bytes each.</summary>
    Float32,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a Float32.</summary>
    BFloat16,
}

/// <summary>A tensor in a file.</summary>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Bytes">How long it is.</param>
public sealed record StoredTensor(WeightType Type, IReadOnlyList<long> Shape, long Offset, long Bytes);

/// <summary>One safetensors file: a JSON header that names the tensors, and their bytes.</summary>
/// <remarks>Nothing in it is executed. A header that disagrees with itself or with the file is refused before a byte is used.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const long MostHeaderBytes = 100 << 20;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private SafetensorsFile(MemoryMappedFile file, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        Tensors = tensors;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelException">It is no safetensors file, or it is damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var tensors = ReadHeader(path, stream);
            return new SafetensorsFile(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), tensors);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ModelException($"{path} cannot be read as safetensors: {fault.Message}", fault);
        }
    }

    /// <summary>Copies a part of a tensor.</summary>
    /// <param name="tensor">Which.</param>
    /// <param name="from">Where to begin, in bytes from the tensor's beginning.</param>
    /// <param name="target">Filled to its end.</param>
    public void Copy(StoredTensor tensor, long from, Span<byte> target)
    {
        if (from < 0 || from + target.Length > tensor.Bytes) throw new ArgumentOutOfRangeException(nameof(from));
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(tensor.Offset + from), target);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static Dictionary<string, StoredTensor> ReadHeader(string path, FileStream stream)
    {
        Span<byte> size = stackalloc byte[8];
        stream.ReadExactly(size);
        var length = BinaryPrimitives.ReadInt64LittleEndian(size);
        if (length is <= 0 or > MostHeaderBytes || length > stream.Length - 8) throw new ModelException($"{path} is no safetensors file: its header would have {length} bytes.");
        var header = new byte[length];
        stream.ReadExactly(header);

        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        using var json = JsonDocument.Parse(header);
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64()).ToArray();
            var type = entry.Value.GetProperty("dtype").GetString() switch
            {
                "F32" => WeightType.Float32,
                "F16" => WeightType.Float16,
                "BF16" => WeightType.BFloat16,
                _ => (WeightType?)null,
            };

            // Integer buffers (position ids and the like) are no weights.
            if (type is not { } kind) continue;
            var offsets = entry.Value.GetProperty("data_offsets");
            long begin = offsets[0].GetInt64(), end = offsets[1].GetInt64();
            var bytes = shape.Aggregate(kind == WeightType.Float32 ? 4L : 2L, (product, axis) => checked(product * axis));
            if (begin < 0 || end - begin != bytes || 8 + length + end > stream.Length) throw new ModelException($"{path} is damaged: the tensor '{entry.Name}' of shape [{string.Join(", ", shape)}] does not fit bytes {begin} to {end} of {stream.Length - 8 - length}.");
            tensors[entry.Name] = new StoredTensor(kind, shape, 8 + length + begin, bytes);
        }

        return tensors;
    }
}
