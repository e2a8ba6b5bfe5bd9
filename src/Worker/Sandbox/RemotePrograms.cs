using System.Text;
using System.Text.Json;
using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>Makes a test into a single program that any SandboxFusion-compatible server can run.</summary>
internal static class RemotePrograms
{
    // The runner's modules by name, found by an importer of a few lines, as in a slot.
    private const string Importer = """
        import sys
        sys.path.pop(0)  # The current folder is the program's too.
        import base64, importlib.machinery, json, types
        SOURCES = json.loads(base64.b64decode('{0}'))
        class Modules:
            def find_spec(name, path=None, target=None):
                short = name.removeprefix('fleet_runner.')
                return importlib.machinery.ModuleSpec(name, Modules) if short != name and short in SOURCES else None
            def create_module(spec): return None
            def exec_module(module):
                short = module.__name__.removeprefix('fleet_runner.')
                exec(compile(SOURCES[short], 'fleet_runner/%s.py' % short, 'exec'), module.__dict__)
        package = types.ModuleType('fleet_runner'); package.__path__ = []
        sys.modules['fleet_runner'] = package
        sys.meta_path.insert(0, Modules)
        from fleet_runner import remote

        """;

    private static readonly string Boot = Importer.Replace("{0}", Convert.ToBase64String(RunnerSource.Bundle.AsSpan(sizeof(uint))), StringComparison.Ordinal);

    /// <summary>A program that calls the plan's function with the arguments that it reads.</summary>
    public static string Calling(CodePlan plan, string secret) => $"{Boot}remote.called({Value(plan.Program)}, {Value(plan.Function)}, {Value(secret)})\n";

    /// <summary>A program that judges one test.</summary>
    public static string Judging(CodePlan plan, CodeTest test, string secret)
    {
        var tests = JsonSerializer.Serialize(PlanRuns.Tests(plan, test));
        var program = plan.Kind == CodeKind.Text ? "None" : Value(plan.Program);
        return $"{Boot}BOOT = base64.b64decode('{Base64(Boot)}').decode()\nremote.judged(BOOT, {program}, json.loads({Value(tests)}), {Value(secret)})\n";
    }

    /// <summary>What stands on the line that begins with the secret; null when there is none.</summary>
    public static string? Said(string stdout, string secret)
    {
        var at = stdout.LastIndexOf("\n" + secret, StringComparison.Ordinal);
        if (at < 0) return null;
        var from = at + 1 + secret.Length;
        var end = stdout.IndexOf('\n', from);
        return end < 0 ? null : stdout[from..end];
    }

    // A text as a Python expression that holds nothing but letters and digits.
    private static string Value(string text) => $"base64.b64decode('{Base64(text)}').decode()";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
