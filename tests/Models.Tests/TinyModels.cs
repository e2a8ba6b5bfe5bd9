using System.Text.Json;
using Fleet.Worker.Models;
using Fleet.Worker.Models.Native;

namespace Fleet.Models.Tests;

/// <summary>The tiny models with random weights that lie in Golden, and what NumPy computed of them.</summary>
internal static class TinyModels
{
    public static readonly string[] Causal = ["qwen2", "qwen3", "llama"];

    /// <summary>Where the tests' models run: the processor, or what FLEET_DEVICE names.</summary>
    public static string Device => Environment.GetEnvironmentVariable("FLEET_DEVICE") is { Length: > 0 } device ? device : "cpu";

    /// <summary>In single precision on every device, for the expected numbers are.</summary>
    public static LocalModelOptions Options { get; } = new() { Device = Device, Type = "fp32" };

    public static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public static LocalModel Load(string name, LocalModelOptions? options = null)
    {
        Require();
        return LocalModel.Load(Folder(name), options ?? Options);
    }

    public static void Require() => Assert.SkipWhen(TorchLibrary.Folder() is null, "Built without libtorch: dotnet build -p:LocalModels=true runs the models.");

    /// <summary>A configuration that asks for a model of a folder.</summary>
    public static string Config(string folder) => JsonSerializer.Serialize(new
    {
        strategy_args = new { strategy_name = "hf_infer", strategy_config = new { device = Device } },
        model_args = new { model_name_or_path = folder, dtype = "fp32" },
    });

    public static Golden Golden(string name) => JsonSerializer.Deserialize<Golden>(File.ReadAllBytes(Path.Combine(Folder(name), "golden.json")), JsonSerializerOptions.Web)!;
}

/// <summary>Rows of ids; for each row the outputs at its last two tokens (at every token of a classifier); the likeliest continuations.</summary>
internal sealed record Golden(int[][] Rows, float[][][] Outputs, int[][]? Greedy);
