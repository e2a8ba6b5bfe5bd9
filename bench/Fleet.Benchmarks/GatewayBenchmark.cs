using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Gateway;
using Fleet.Messaging;
using Fleet.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Benchmarks;

/// <summary>The gateway over loopback, workers in its process and the clients in it too: one-row requests on 64 connections, and batches of 256 rows against the same rows without HTTP.</summary>
internal static class GatewayBenchmark
{
    private const int Connections = 64;
    private const int BatchRows = 256;
    private const int Batches = 200;

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Measuring = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var run = new RunDefinition("bench", [new DomainDefinition(Domains.MultipleChoiceBoxed, Domains.MultipleChoiceBoxed, [], new JsonObject { ["parity"] = "fixed" })]);
        await using var app = GatewayServices.Build(new GatewayOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, run, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole();
            builder.Services.AddRewardWorker(new WorkerOptions { Domains = [Domains.MultipleChoiceBoxed] }, new BrokerOptions());
            builder.Services.AddRewardDispatcher(new DispatcherOptions(), new BrokerOptions());
        });
        await app.StartAsync();
        var port = new Uri(GatewayServices.Address(app)).Port;

        await OneRowAsync(port, Warming);
        for (var round = 0; round < 3; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var (count, milliseconds, seconds) = await OneRowAsync(port, Measuring);
            var processor = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / count;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"one-row requests, {Connections} connections: {count / seconds,8:N0}/s  p50 {milliseconds[count / 2],6:0.0} ms  p99 {milliseconds[count * 99 / 100],6:0.0} ms  {processor:0.000} ms of processor a request, client and all   of 3,000/s and 60 ms"));
        }

        var dispatcher = app.Services.GetRequiredService<RewardDispatcher>();
        for (var round = 0; round < 3; round++)
        {
            var direct = await DirectAsync(dispatcher, run);
            var http = await BatchesAsync(port);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"batches of {BatchRows} rows: {http,8:N0} rows/s over HTTP, {direct,8:N0} rows/s without: {http / direct:0.00} of 0.70"));
        }

        await app.StopAsync();
        return 0;
    }

    private static async Task<(int Count, double[] Milliseconds, double Seconds)> OneRowAsync(int port, TimeSpan length)
    {
        var start = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            using var client = new Client(port);
            var body = $"[{SpineBenchmark.ChoiceRow(connection)}]";
            var taken = new List<double>(20_000);
            while (Stopwatch.GetElapsedTime(start) < length)
            {
                var begin = Stopwatch.GetTimestamp();
                await client.PostAsync(body, "\"status\":\"scored\""u8.ToArray());
                taken.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            return taken;
        })));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var all = times.SelectMany(taken => taken).Order().ToArray();
        return (all.Length, all, seconds);
    }

    private static async Task<double> BatchesAsync(int port)
    {
        var bodies = Enumerable.Range(0, 4).Select(b => $"[{string.Join(',', Enumerable.Range(b * BatchRows, BatchRows).Select(SpineBenchmark.ChoiceRow))}]").ToArray();
        var left = Batches;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(bodies.Select(body => Task.Run(async () =>
        {
            using var client = new Client(port);
            while (Interlocked.Decrement(ref left) >= 0) await client.PostAsync(body, "]}"u8.ToArray());
        })));
        return Batches * BatchRows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // What score does: lines in, lines out.
    private static async Task<double> DirectAsync(RewardDispatcher dispatcher, RunDefinition run)
    {
        var lines = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, Batches * BatchRows).Select(i => SpineBenchmark.ChoiceRow(i % (4 * BatchRows)))));
        var start = Stopwatch.GetTimestamp();
        await using var writer = new RewardWriter(new MemoryStream(lines.Length));
        var rows = RolloutReader.ReadAsync(new MemoryStream(lines), 4 * 1024 * 1024, CancellationToken.None);
        await foreach (var reward in dispatcher.ScoreAsync(run, rows, new CallOptions(), CancellationToken.None)) writer.Write(reward);
        return Batches * BatchRows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A connection that is kept: as little of a client as there can be, for it runs on the same processors.</summary>
    private sealed class Client : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private byte[] _buffer = new byte[64 * 1024];

        public Client(int port) => _socket.Connect(IPAddress.Loopback, port);

        /// <summary>Posts rows and reads the answer, which must hold some words.</summary>
        public async Task PostAsync(string body, byte[] wanted)
        {
            var content = Encoding.UTF8.GetBytes(body);
            var head = Encoding.ASCII.GetBytes($"POST /v1/rewards HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {content.Length}\r\n\r\n");
            await _socket.SendAsync((ReadOnlyMemory<byte>)(byte[])[.. head, .. content]);
            var length = 0;
            while (!_buffer.AsSpan(0, length).EndsWith("0\r\n\r\n"u8))
            {
                if (length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
                if (read == 0) throw new InvalidOperationException("The gateway hung up.");
                length += read;
            }

            if (!_buffer.AsSpan().StartsWith("HTTP/1.1 200"u8) || _buffer.AsSpan(0, length).IndexOf(wanted) < 0) throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, length));
        }

        public void Dispose() => _socket.Dispose();
    }
}
