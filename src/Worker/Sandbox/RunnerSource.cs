using System.Buffers.Binary;
using System.Text.Json;

namespace Fleet.Worker.Sandbox;

/// <summary>What a slot runs: the Python modules of the folder Runner, and the system calls it may make.</summary>
internal static class RunnerSource
{
    private static readonly string[] Modules = ["channel", "clock", "handler", "programs", "remote", "rights", "solution", "start", "tester", "testing", "wire"];

    /// <summary>The program that the container's Python is started with.</summary>
    public static string Boot { get; } = Resource("Runner/boot.py");

    /// <summary>The modules as the boot program expects them: a length and a JSON object of names and sources.</summary>
    public static byte[] Bundle { get; } = Pack();

    /// <summary>The seccomp profile of slots, an allow-list, as JSON.</summary>
    public static string Seccomp { get; } = Resource("seccomp.json");

    private static byte[] Pack()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Modules.ToDictionary(name => name, name => Resource($"Runner/{name}.py")));
        var bundle = new byte[sizeof(uint) + json.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bundle, (uint)json.Length);
        json.CopyTo(bundle, sizeof(uint));
        return bundle;
    }

    private static string Resource(string name)
    {
        using var stream = typeof(RunnerSource).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
