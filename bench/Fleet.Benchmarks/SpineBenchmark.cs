using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Messaging;
using Fleet.Worker;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Benchmarks;

/// <summary>The way of a row through the fleet: rows a second from file to file, the time of one row, and large payloads against the bare client.</summary>
/// <remarks>With a broker's address the last two run over it too: the same queue type, confirms and sizes for both sides, in one run.</remarks>
internal static class SpineBenchmark
{
    private const int FileRows = 100_000;
    private const int Calls = 2_000;
    private const int PayloadBytes = 4 * 1024 * 1024;
    private const int Payloads = 60;
    private const int PayloadsInFlight = 4;

    public static async Task<int> RunAsync(string[] args)
    {
        var broker = args.Length > 0 ? BrokerOptions.ParseUrl(args[0]) : null;
        await FileToFileAsync();
        await OneRowAsync(new BrokerOptions());
        if (broker is null)
        {
            Console.WriteLine("No broker given: its figures are left out.");
            return 0;
        }

        await OneRowAsync(new BrokerOptions { Url = broker });
        foreach (var isQuorum in new[] { false, true }) await PayloadsAsync(broker, isQuorum);
        return 0;
    }

    private static async Task FileToFileAsync()
    {
        var folder = Directory.CreateTempSubdirectory("fleet-bench").FullName;
        try
        {
            var input = Path.Combine(folder, "in.jsonl");
            await File.WriteAllLinesAsync(input, Enumerable.Range(0, FileRows).Select(ChoiceRow));
            using var host = await StartAsync(new BrokerOptions());
            var dispatcher = host.Services.GetRequiredService<RewardDispatcher>();
            var best = 0.0;
            for (var round = 0; round < 3; round++)
            {
                var start = Stopwatch.GetTimestamp();
                await using var source = RolloutReader.Open(input);
                await using var writer = new RewardWriter(File.Create(Path.Combine(folder, "out.jsonl")));
                var rows = RolloutReader.ReadAsync(source, 4 * 1024 * 1024, CancellationToken.None);
                await foreach (var reward in dispatcher.ScoreAsync(Run(), rows, new CallOptions(), CancellationToken.None)) writer.Write(reward);
                best = Math.Max(best, FileRows / Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            Print($"file to file, {FileRows:N0} choice rows, embedded", $"{best:N0} rows/s", best / 20_000, "of 20,000 rows/s");
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task OneRowAsync(BrokerOptions broker)
    {
        using var host = await StartAsync(broker);
        var dispatcher = host.Services.GetRequiredService<RewardDispatcher>();
        var run = Run();
        var row = Row.Of(1, JsonDocument.Parse(ChoiceRow(1)).RootElement, 400, int.MaxValue);
        var milliseconds = new double[Calls];
        for (var i = -200; i < Calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await foreach (var reward in dispatcher.ScoreAsync(run, Once(row), new CallOptions(), CancellationToken.None))
            {
                if (reward.Status != RowStatus.Scored) throw new InvalidOperationException(reward.Reason);
            }

            if (i >= 0) milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        var allowed = broker.IsInMemory ? 2.0 : 8.0;
        var (p50, p99) = (milliseconds[Calls / 2], milliseconds[Calls * 99 / 100]);
        Print($"one-row call, {(broker.IsInMemory ? "in memory" : "RabbitMQ, quorum queue, confirms")}", $"p50 {p50:0.00} ms, p99 {p99:0.00} ms", p50 / allowed, $"of {allowed:0} ms (p50)");
        await host.StopAsync();
    }

    private static async Task PayloadsAsync(Uri url, bool isQuorum)
    {
        var options = new BrokerOptions { Url = url, QuorumQueues = isQuorum };
        var (raw, ours) = (new List<double>(), new List<double>());
        // In turn, so that both sides see the same machine.
        for (var round = 0; round < 5; round++)
        {
            raw.Add(await RawAsync(options, isQuorum));
            ours.Add(await OursAsync(options, isQuorum));
        }

        raw.Sort();
        ours.Sort();
        Print(
            $"4 MB parts, {(isQuorum ? "persistent, quorum queue" : "transient, classic queue")}, confirms",
            $"{ours[2]:N0} MB/s, RabbitMQ.Client alone {raw[2]:N0} MB/s",
            ours[2] / raw[2],
            "of the bare client (median of 5)");
    }

    private static async Task<double> RawAsync(BrokerOptions options, bool isQuorum)
    {
        await using var connection = await BrokerConnection.OpenAsync(options, "bench", CancellationToken.None);
        await using var sender = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await using var receiver = await connection.CreateChannelAsync();
        var queue = "bench.raw." + (isQuorum ? "quorum" : "classic");
        await receiver.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = isQuorum ? "quorum" : "classic", ["x-expires"] = 600_000 });
        await receiver.BasicQosAsync(0, PayloadsInFlight, false);
        var arrived = new CountdownEvent(Payloads);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(receiver);
        consumer.ReceivedAsync += async (_, message) =>
        {
            await receiver.BasicAckAsync(message.DeliveryTag, false);
            if (arrived.Signal()) done.TrySetResult();
        };
        await receiver.BasicConsumeAsync(queue, autoAck: false, consumer);

        var payload = Payload();
        var properties = new BasicProperties { Persistent = isQuorum };
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Payloads, new ParallelOptions { MaxDegreeOfParallelism = PayloadsInFlight }, async (_, cancellation) =>
            await sender.BasicPublishAsync("", queue, mandatory: true, properties, payload, cancellation));
        await done.Task;
        arrived.Dispose();
        return MegabytesPerSecond(start);
    }

    private static async Task<double> OursAsync(BrokerOptions options, bool isQuorum)
    {
        var builder = Builder();
        builder.Services.AddFleetMessaging(options);
        using var host = builder.Build();
        await host.StartAsync();
        var bus = host.Services.GetRequiredService<FleetBus>();
        var consumer = new Counter();
        var domain = "bench-" + (isQuorum ? "quorum" : "classic");
        await using (await bus.ServeWorkAsync(domain, PayloadsInFlight, consumer, CancellationToken.None))
        {
            var payload = Payload();
            var start = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(0, Payloads, new ParallelOptions { MaxDegreeOfParallelism = PayloadsInFlight }, async (part, cancellation) =>
            {
                var header = new CommandHeader { CallId = Guid.NewGuid(), Part = part, RunId = "bench", ConfigHash = "", Domain = domain, Method = "none", ReplyTo = "nobody" };
                await bus.TrySendAsync(QueueNames.Work(domain), new WorkerCommand(header, payload), null, isQuorum, cancellation);
            });
            await consumer.Done.Task;
            var speed = MegabytesPerSecond(start);
            await host.StopAsync();
            return speed;
        }
    }

    private static double MegabytesPerSecond(long start) => (double)Payloads * PayloadBytes / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;

    private static byte[] Payload()
    {
        var payload = new byte[PayloadBytes];
        new Random(7).NextBytes(payload);
        return payload;
    }

    private static async Task<IHost> StartAsync(BrokerOptions broker)
    {
        var builder = Builder();
        builder.Services.AddRewardWorker(new WorkerOptions { Domains = [Domains.MultipleChoiceBoxed] }, broker);
        builder.Services.AddRewardDispatcher(new DispatcherOptions(), broker);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static HostApplicationBuilder Builder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole();
        return builder;
    }

    private static RunDefinition Run() =>
        new("bench", [new DomainDefinition(Domains.MultipleChoiceBoxed, Domains.MultipleChoiceBoxed, [], new JsonObject { ["parity"] = "fixed" })]);

    internal static string ChoiceRow(int i)
    {
        var letter = (char)('A' + i % 5);
        var reasoning = new StringBuilder();
        for (var sentence = 0; sentence < 8; sentence++) reasoning.Append(CultureInfo.InvariantCulture, $"Step {sentence} rules out option {(char)('A' + (i + sentence) % 5)} because the premise of row {i} does not hold there. ");
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["id"] = i,
            ["domain"] = Domains.MultipleChoiceBoxed,
            ["prompt"] = $"Question {i}: which of the options follows?",
            ["response"] = $"{reasoning}So the answer is \\boxed{{{letter}}}.",
            ["ground_truth"] = ((char)('A' + i % 3)).ToString(),
        });
    }

    private static async IAsyncEnumerable<Row> Once(Row row)
    {
        await Task.CompletedTask;
        yield return row;
    }

    private static void Print(FormattableString what, FormattableString figure, double ratio, FormattableString of) => Console.WriteLine(
        $"{what.ToString(CultureInfo.InvariantCulture),-64} {figure.ToString(CultureInfo.InvariantCulture),-56} {ratio.ToString("0.00", CultureInfo.InvariantCulture)} {of.ToString(CultureInfo.InvariantCulture)}");

    private static void Print(FormattableString what, FormattableString figure, double ratio, string of) => Print(what, figure, ratio, (FormattableString)$"{of}");

    private sealed class Counter : IConsumer<WorkerCommand>
    {
        private int _left = Payloads;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Consume(ConsumeContext<WorkerCommand> context)
        {
            if (Interlocked.Decrement(ref _left) == 0) Done.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
