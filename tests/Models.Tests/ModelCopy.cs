using System.Text.Json.Nodes;
using Fleet.Worker.Models.Weights;

namespace Fleet.Models.Tests;

/// <summary>A copy of a tiny model in which something is changed; gone at the end of the test.</summary>
internal sealed class ModelCopy : IDisposable
{
    public ModelCopy(string name)
    {
        foreach (var file in Directory.EnumerateFiles(TinyModels.Folder(name))) File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
    }

    public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

    private string Config => System.IO.Path.Combine(Path, "config.json");

    /// <summary>Another value in config.json.</summary>
    public void Set(string key, JsonNode? value)
    {
        var config = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        config[key] = value;
        File.WriteAllText(Config, config.ToJsonString());
    }

    /// <summary>Makes a tensor of single precision say nothing any more.</summary>
    public void Spoil(string tensor)
    {
        StoredTensor place;
        using (var folder = WeightFolder.Open(Path)) place = folder[tensor].Tensor;
        using var file = File.OpenWrite(System.IO.Path.Combine(Path, "model.safetensors"));
        file.Position = place.Offset;
        for (var i = 0; i < place.Bytes / sizeof(float); i++) file.Write(BitConverter.GetBytes(float.NaN));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
