using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Gateway;

namespace Fleet.Integration.Tests.Gateway;

/// <summary>Many clients at once: those that are cut and those that do not read harm nobody, and what they asked for is given up.</summary>
public sealed class CrowdTests
{
    private const int Rows = 256;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("FLEET_LONG") == "1";

    private static int Clients => IsLong ? 200 : 60;

    private static int Cut => Clients / 10;

    private static int Slow => Clients / 20;

    // What is read of a stream and not answered, socket buffers and the heap's own slack; far less than one slow client would send.
    private const long AllowedGrowth = 256L * 1024 * 1024;

    [Fact]
    public async Task Clients_that_are_cut_or_do_not_read_harm_no_other()
    {
        await using var gateway = await TestGateway.StartAsync(["multiple_choice_boxed"], new GatewayOptions { Listen = TestGateway.AnyPort, MaxStreamRows = 128 });
        await gateway.AskAsync("/v1/rewards", Body(0));

        var before = GC.GetTotalMemory(forceFullCollection: true);
        // Who does not read sends as long as the gateway takes lines: far more than may be held for it.
        using var stop = new CancellationTokenSource();
        var slow = await Task.WhenAll(Enumerable.Range(0, Slow).Select(_ => RawClient.ConnectAsync(gateway.Address, receiveBuffer: 4096)));
        var flooding = slow.Select(client => FloodAsync(client, stop.Token)).ToList();

        var cut = Enumerable.Range(0, Cut).Select(async i =>
        {
            using var client = await RawClient.ConnectAsync(gateway.Address);
            await client.SendAsync(Head(Body(i), "application/json") + Body(i)[..(i % 2 == 0 ? 200 : ^0)]);
            client.Cut();
        });
        var others = Enumerable.Range(0, Clients - Cut - Slow).Select(async i =>
        {
            var answer = await gateway.AskAsync("/v1/rewards", Body(i));
            Assert.Equal(Expected(i), answer!["rows"]!.AsArray().Select(row => (double?)row!["score"]));
        });
        await Task.WhenAll(others.Concat(cut)).WaitAsync(TestGateway.Patience);

        // All of them are still let in once the crowd is gone, and the slow ones were made to wait, not the gateway's memory.
        Assert.Equal(Expected(3), (await gateway.AskAsync("/v1/rewards", Body(3)))!["rows"]!.AsArray().Select(row => (double?)row!["score"]));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, AllowedGrowth);
        await stop.CancelAsync();
        foreach (var client in slow) client.Cut();
        var sent = await Task.WhenAll(flooding).WaitAsync(TestGateway.Patience);
        Assert.All(sent, bytes => Assert.InRange(bytes, 1, 32L * 1024 * 1024));
    }

    [Fact]
    public async Task A_client_that_goes_away_has_its_call_cancelled()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await TestGateway.StartAsync(
            ["gated"],
            worker: GatedRewardWorker.Options("gated"),
            config: new JsonObject { ["worker_cls"] = nameof(GatedRewardWorker), ["row_timeout_s"] = 60 },
            services: GatedRewardWorker.Gate(async (_, cancellation) =>
            {
                entered.TrySetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
                finally
                {
                    cancelled.TrySetResult();
                }
            }));

        const string Row = """[{"id": 1, "domain": "gated", "response": "x"}]""";
        using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(Head(Row, "application/json") + Row);
        await entered.Task.WaitAsync(TestGateway.Patience);
        Assert.False(cancelled.Task.IsCompleted);
        client.Cut();
        await cancelled.Task.WaitAsync(TestGateway.Patience);
    }

    private static async Task<long> FloodAsync(RawClient client, CancellationToken cancellation)
    {
        var sent = 0L;
        try
        {
            await client.SendAsync("POST /v1/rewards HTTP/1.1\r\nHost: fleet\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            var lines = string.Concat(Enumerable.Range(0, Rows).Select(i => Row(0, i) + "\n"));
            while (!cancellation.IsCancellationRequested)
            {
                await client.SendChunkAsync(lines);
                sent += lines.Length;
            }
        }
        catch (Exception cut) when (cut is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // By the test itself.
        }

        return sent;
    }

    private static string Head(string body, string type) =>
        $"POST /v1/rewards HTTP/1.1\r\nHost: fleet\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n";

    private static string Body(int client) => $"[{string.Join(',', Enumerable.Range(0, Rows).Select(i => Row(client, i)))}]";

    private static string Row(int client, int i) => JsonSerializer.Serialize(new
    {
        id = i,
        domain = "multiple_choice_boxed",
        response = $"{new string('-', 400)} \\boxed{{{(char)('A' + ((client + i) % 4))}}}",
        ground_truth = "B",
    });

    private static IEnumerable<double?> Expected(int client) => Enumerable.Range(0, Rows).Select(i => (double?)((client + i) % 4 == 1 ? 1 : 0));
}
