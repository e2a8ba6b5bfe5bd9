using System.Text.Json;
using Fleet.Worker.Models;
using Fleet.Worker.Models.Native;

namespace Fleet.Models.Tests;

/// <summary>The tiny models with random weights that lie in Golden, and what NumPy computed of them.</summary>
internal static class TinyModels
{
    public static readonly string[] Causal = ["qwen2", "qwen3", "llama"];

    public static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public static LocalModel Load(string name, LocalModelOptions? options = null)
    {
        Assert.SkipWhen(TorchLibrary.Folder() is null, "Built without libtorch: dotnet build -p:LocalModels=true runs the models.");
        return LocalModel.Load(Folder(name), options);
    }

    public static Golden Golden(string name) => JsonSerializer.Deserialize<Golden>(File.ReadAllBytes(Path.Combine(Folder(name), "golden.json")), JsonSerializerOptions.Web)!;
}

/// <summary>Rows of ids; for each row the outputs at its last two tokens (at every token of a classifier); the likeliest continuations.</summary>
internal sealed record Golden(int[][] Rows, float[][][] Outputs, int[][]? Greedy);
