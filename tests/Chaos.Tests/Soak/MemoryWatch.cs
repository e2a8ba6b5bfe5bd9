using System.Diagnostics;
using System.Globalization;
using System.Text;
using Fleet.Integration.Tests.Cli;
using Fleet.QueueContract.Tests;

namespace Fleet.Chaos.Tests.Soak;

/// <summary>Looks at the memory of processes and of the broker's container again and again.</summary>
internal sealed class MemoryWatch(RabbitMqServer broker, IReadOnlyList<(string Name, FleetProcess Process)> processes)
{
    /// <summary>What the broker is called.</summary>
    public const string Broker = "broker";

    private const double Megabyte = 1024 * 1024;

    private readonly List<(double Seconds, double[] Megabytes)> _samples = [];

    public IReadOnlyList<string> Names { get; } = [.. processes.Select(process => process.Name), Broker];

    public int Count => _samples.Count;

    /// <summary>The samples of one of them.</summary>
    public IReadOnlyList<(double Seconds, double Megabytes)> Of(int which) => [.. _samples.Select(sample => (sample.Seconds, sample.Megabytes[which]))];

    /// <summary>Takes a sample at every turn until stopped.</summary>
    public async Task RunAsync(TimeSpan every, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(every);
        try
        {
            do
            {
                var megabytes = processes.Select(process => Resident(process.Process.Id)).Append(await BrokerAsync()).ToArray();
                _samples.Add((Stopwatch.GetElapsedTime(start).TotalSeconds, megabytes));
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough.
        }
    }

    public string ToCsv()
    {
        var csv = new StringBuilder().AppendLine($"seconds,{string.Join(',', Names.Select(name => $"{name}_mb"))}");
        foreach (var (seconds, megabytes) in _samples) csv.AppendLine(CultureInfo.InvariantCulture, $"{seconds:0.0},{string.Join(',', megabytes.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)))}");
        return csv.ToString();
    }

    private static double Resident(int process)
    {
        using var looked = Process.GetProcessById(process);
        return looked.WorkingSet64 / Megabyte;
    }

    // The resident memory of all processes in the container, without the files that the system keeps in memory for it.
    private async Task<double> BrokerAsync()
    {
        var table = await RabbitMqServer.DockerAsync("top", broker.ContainerId, "-eo", "pid,rss");
        return table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) / 1024;
    }
}
