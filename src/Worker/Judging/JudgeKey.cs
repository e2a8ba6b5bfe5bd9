
namespace Fleet.Worker.Judging;

/// <summary>A key for a judge's endpoint. It is read where it is used and never shown.</summary>
/// <remarks>
/// <c>env:NAME</c> reads an environment variable, <c>file:PATH</c> the first line of a file; anything else is the key
/// itself, which a ROLL configuration may hold.
/// </remarks>
public sealed class JudgeKey
{
    private const string Shown = "***";

    private readonly string _value;

    private JudgeKey(string value) => _value = value;

    /// <summary>The key that a setting names, or null when there is no setting.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="what">What it is, as the start of a sentence.</param>
    /// <exception cref="JudgeSetupException">The variable is not set, or the file cannot be read.</exception>
    public static JudgeKey? Resolve(string? setting, string what = "The judge's key")
    {
        if (string.IsNullOrWhiteSpace(setting)) return null;
        var value = setting switch
        {
            _ when setting.StartsWith("env:", StringComparison.Ordinal) => FromEnvironment(setting[4..], what),
            _ when setting.StartsWith("file:", StringComparison.Ordinal) => FromFile(setting[5..], what),
            _ => setting,
        };
        return new JudgeKey(value.Trim());
    }

    /// <summary>The key in the clear, for the request's header alone.</summary>
    internal string Reveal() => _value;

    /// <summary>The text without the key, for messages that may quote what an endpoint sent back.</summary>
    public string Scrub(string text) => _value.Length == 0 ? text : text.Replace(_value, Shown, StringComparison.Ordinal);

    /// <summary>Never the key.</summary>
    public override string ToString() => Shown;

    private static string FromEnvironment(string name, string what) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new JudgeSetupException($"{what} is in the environment variable {name}, which is not set on this machine.");

    private static string FromFile(string path, string what)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault(line => line.Trim().Length > 0) ?? throw new JudgeSetupException($"{what} is in the file {path}, which is empty.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JudgeSetupException($"{what} is in the file {path}, which cannot be read: {fault.Message}");
        }
    }
}
