using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;

namespace Fleet.Worker.Models.Native;

/// <summary>Finds and loads libtorch, once, when the first local model is wanted and not before.</summary>
/// <remarks>
/// Looked for in this order: the folder in the environment variable LIBTORCH (or its <c>lib</c>), the program's own
/// folder, the folder of the package that the build restored. On Debian 12 TorchSharp's own library is loaded from a
/// mended copy; see <see cref="ElfVersionMend"/>.
/// </remarks>
public static class TorchLibrary
{
    private const string Bridge = "libLibTorchSharp.so";
    private const string Core = "libtorch_cpu.so";
    private const string NewestRuntime = "GLIBCXX_3.4.32";

    private static readonly Lazy<string?> Loaded = new(Load);

    private static IntPtr _bridge;

    /// <summary>Why local models cannot run here; null when they can.</summary>
    public static string? Fault => Loaded.Value;

    /// <summary>Loads libtorch.</summary>
    /// <exception cref="ModelException">It is not there or cannot be loaded.</exception>
    public static void Require()
    {
        if (Fault is { } fault) throw new ModelException(fault);
    }

    /// <summary>The folder that libtorch would be loaded from; null when there is none.</summary>
    public static string? Folder()
    {
        var named = Environment.GetEnvironmentVariable("LIBTORCH");
        var built = typeof(TorchLibrary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "LibTorch")?.Value;
        string?[] folders = [named, named is null ? null : Path.Combine(named, "lib"), AppContext.BaseDirectory, built];
        return folders.FirstOrDefault(folder => folder is not null && File.Exists(Path.Combine(folder, Core)));
    }

    private static string? Load()
    {
        if (!OperatingSystem.IsLinux()) return "Local models run on Linux; point the judge at a server for models elsewhere.";
        if (Folder() is not { } folder)
            return "This build has no libtorch: build with -p:LocalModels=true, or set LIBTORCH to a folder with libtorch 2.10, or point judge_api_url at a server that runs the model.";
        try
        {
            // Each needs the ones before it; a library that is already there by its name is not looked for again.
            foreach (var name in new[] { "libc10.so", Core, "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so" })
                if (File.Exists(Path.Combine(folder, name))) NativeLibrary.Load(Path.Combine(folder, name));
            _bridge = LoadBridge(folder);
            NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => name == "LibTorchSharp" ? _bridge : IntPtr.Zero);
            torch.InitializeDeviceType(DeviceType.CPU);
            return null;
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException or IOException or UnauthorizedAccessException or NotSupportedException or TypeInitializationException)
        {
            return $"libtorch in {folder} cannot be loaded: {fault.Message}";
        }
    }

    private static IntPtr LoadBridge(string folder)
    {
        string[] places = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"), folder];
        var bridge = places.Select(place => Path.Combine(place, Bridge)).FirstOrDefault(File.Exists) ?? throw new DllNotFoundException($"{Bridge} is not beside the program.");
        return NativeLibrary.TryLoad(bridge, out var handle) ? handle : NativeLibrary.Load(Mended(bridge));
    }

    // The copy is named by its content, written aside and moved into place: processes that start together do not disturb each other.
    private static string Mended(string bridge)
    {
        var image = File.ReadAllBytes(bridge);
        ElfVersionMend.MakeWeak(image, NewestRuntime);
        var folder = Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "fleet");
        var copy = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(image))[..16]}-{Bridge}");
        if (File.Exists(copy)) return copy;
        Directory.CreateDirectory(folder);
        var aside = $"{copy}.{Environment.ProcessId}";
        File.WriteAllBytes(aside, image);
        File.Move(aside, copy, overwrite: true);
        return copy;
    }
}
