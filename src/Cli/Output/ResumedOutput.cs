using System.Text.Json;
using Fleet.Contracts;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Cli.Output;

/// <summary>The output of a run that goes on where an earlier one ended: what stands is kept, and nothing is lost when this one ends early too.</summary>
/// <remarks>
/// The earlier output stays as it is while its successor grows beside it, in <c>OUT.resume</c>; at the end the successor takes
/// its name. When a run ends before that, the next one first joins the two.
/// </remarks>
internal sealed class ResumedOutput : IDisposable
{
    private const string Successor = ".resume";
    private const string Joined = ".joined";

    private readonly string _path;
    private readonly FinishedRows? _earlier;

    private ResumedOutput(string path)
    {
        _path = path;
        if (File.Exists(path + Successor)) Join(path);
        if (File.Exists(path)) _earlier = new FinishedRows(path);
    }

    /// <summary>Where this run writes.</summary>
    public string Path => _earlier is null ? _path : _path + Successor;

    /// <summary>Looks at what an earlier run left.</summary>
    /// <exception cref="FleetException">No file is named, or what is there cannot be read or joined.</exception>
    public static ResumedOutput Open(string? path)
    {
        if (path is null or "-") throw new FleetException("--resume goes on with an output file; name it with --output FILE.");
        try
        {
            return new ResumedOutput(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"The earlier results '{path}' cannot be gone on with: {refused.Message}", inner: refused);
        }
    }

    /// <summary>What an earlier run left beside an output that is begun anew must not be joined to it one day.</summary>
    public static void Forget(string path)
    {
        File.Delete(path + Successor);
        File.Delete(path + Joined);
    }

    /// <summary>What an earlier run wrote of a row; null when it did not, or the row is to be scored again.</summary>
    /// <exception cref="FleetException">The results are not those of this input.</exception>
    public RowReward? Of(Row row) => _earlier?.Of(row);

    /// <summary>Every row has its result: the successor takes the output's name.</summary>
    public void Complete()
    {
        if (_earlier is null) return;
        _earlier.Dispose();
        File.Move(_path + Successor, _path, overwrite: true);
    }

    public void Dispose() => _earlier?.Dispose();

    // Line by line the better of the two: both hold the same rows from the first on.
    private static void Join(string path)
    {
        if (File.Exists(path))
        {
            using (var earlier = new FinishedRows(path))
            using (var later = new FinishedRows(path + Successor))
            using (var joined = new StreamWriter(path + Joined))
            {
                while (Better(later.Next(), earlier.Next()) is { } result) joined.WriteLine(result.GetRawText());
            }

            File.Move(path + Joined, path, overwrite: true);
        }
        else
        {
            File.Move(path + Successor, path);
        }

        File.Delete(path + Successor);
    }

    private static JsonElement? Better(JsonElement? later, JsonElement? earlier) =>
        later is { } one && (earlier is null || FinishedRows.Stands(one) || !FinishedRows.Stands(earlier.Value)) ? later : earlier;
}
