using System.Globalization;

namespace Fleet.Cli.Progress;

/// <summary>One line on standard error that shows how far the scoring is, where a person is looking.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Tally _tally;
    private readonly Timer? _timer;
    private int _width;

    private ProgressLine(Tally tally, bool isShown)
    {
        _tally = tally;
        if (isShown) _timer = new Timer(_ => Show(), null, Interval, Interval);
    }

    public static ProgressLine Start(Tally tally, bool isInteractive) => new(tally, isInteractive && !Console.IsErrorRedirected);

    public void Dispose()
    {
        if (_timer is null) return;
        _timer.Dispose();
        Console.Error.Write("\r" + new string(' ', _width) + "\r");
    }

    private void Show()
    {
        var (rows, seconds) = (_tally.Rows, _tally.Elapsed.TotalSeconds);
        var unscored = _tally.Domains.Sum(domain => domain.Value.Rows - domain.Value.Scored);
        var line = string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, {rows / Math.Max(0.001, seconds):N0} rows/s, {unscored:N0} unscored, {seconds:0} s");
        _width = Math.Max(_width, line.Length);
        Console.Error.Write("\r" + line.PadRight(_width));
    }
}
