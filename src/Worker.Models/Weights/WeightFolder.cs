using System.Text.Json;

namespace Fleet.Worker.Models.Weights;

/// <summary>The weights of a Hugging Face folder: one safetensors file, or shards with an index.</summary>
public sealed class WeightFolder : IDisposable
{
    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    private readonly List<SafetensorsFile> _files;
    private readonly Dictionary<string, (SafetensorsFile File, StoredTensor Tensor)> _tensors = new(StringComparer.Ordinal);

    private WeightFolder(string path, List<SafetensorsFile> files)
    {
        Path = path;
        _files = files;
        foreach (var file in files)
            foreach (var (name, tensor) in file.Tensors) _tensors[name] = (file, tensor);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelException">There are no safetensors in it, or a shard is missing or damaged.</exception>
    public static WeightFolder Open(string path)
    {
        var index = System.IO.Path.Combine(path, Index);
        string[] names = File.Exists(index) ? Shards(index) : File.Exists(System.IO.Path.Combine(path, Single)) ? [Single] : throw new ModelException($"There is neither {Single} nor {Index} in {path}; a folder as Hugging Face's save_pretrained writes it is expected.");
        List<SafetensorsFile> files = [];
        try
        {
            foreach (var name in names)
            {
                var file = System.IO.Path.Combine(path, name);
                if (!File.Exists(file)) throw new ModelException($"{Index} names {name}, which is not in {path}.");
                files.Add(SafetensorsFile.Open(file));
            }

            return new WeightFolder(path, files);
        }
        catch
        {
            foreach (var file in files) file.Dispose();
            throw;
        }
    }

    /// <summary>The first of these names that the folder has, or null.</summary>
    public string? FirstOf(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (_tensors.ContainsKey(name)) return name;
        return null;
    }

    /// <summary>The file and place of a tensor.</summary>
    /// <exception cref="ModelException">There is none of this name.</exception>
    public (SafetensorsFile File, StoredTensor Tensor) this[string name] =>
        _tensors.TryGetValue(name, out var found) ? found : throw new ModelException($"The weights in {Path} have no tensor '{name}'; the model is not of the Qwen2, Qwen3 or Llama block, or a shard is missing.");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private static string[] Shards(string index)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            string[] names = [.. json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => entry.Value.GetString()!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

            // A shard is a file of this folder, never a path out of it.
            return names.All(name => name.Length > 0 && name == System.IO.Path.GetFileName(name)) ? names : throw new ModelException($"{index} names a shard outside of its folder.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelException($"{index} cannot be read: {fault.Message}", fault);
        }
    }
}
