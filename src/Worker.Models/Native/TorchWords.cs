using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Fleet.Worker.Models.Native;

/// <summary>What the words of the settings mean to libtorch.</summary>
internal static class TorchWords
{
    /// <summary>The device of a word.</summary>
    /// <exception cref="ModelException">There is none of this name here.</exception>
    public static Device Device(string name)
    {
        if (name == "cpu") return CPU;
        var parts = name.Split(':');
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out _))) throw new ModelException($"The device is '{name}'; known are cpu and cuda:N.");
        if (!cuda.is_available()) throw new ModelException($"The device is '{name}', but this libtorch sees no GPU: it is the build for processors, or there is no driver. Set LIBTORCH to a CUDA build of libtorch 2.10.");
        return new Device(DeviceType.CUDA, parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    /// <summary>The type of a word.</summary>
    /// <exception cref="ModelException">There is none of this name.</exception>
    public static ScalarType Type(string name) => name switch
    {
        "fp32" or "float32" => ScalarType.Float32,
        "bf16" or "bfloat16" => ScalarType.BFloat16,
        "fp16" or "float16" => ScalarType.Float16,
        _ => throw new ModelException($"The type is '{name}'; known are fp32, bf16 and fp16."),
    };
}
