using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Contracts;
using Fleet.Messaging;
using Fleet.Messaging.Leases;
using Fleet.Worker;
using Fleet.Worker.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Unit.Tests.Worker.Health;

public sealed class HealthEndpointTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task A_worker_is_well_when_it_serves_all_its_domains_and_only_then()
    {
        var cancel = TestContext.Current.CancellationToken;
        // Another process has rank 0, which this worker is told to take, so it can only wait.
        var host = Start(new WorkerOptions { Domains = ["math_rule", "ifeval"], Rank = 0 });
        var taken = await host.Services.GetRequiredService<IRankLeases>().AcquireAsync("ifeval", 0, cancel);
        await host.StartAsync(cancel);
        using var http = new HttpClient { BaseAddress = Address(host) };

        await WaitAsync(async () => (await http.GetStringAsync("/v1/ping", cancel)) == "\"pong\"" && host.Services.GetRequiredService<WorkerHealth>().Domains.Any(domain => domain.Rank is not null));
        using (var waiting = await http.GetAsync("/v1/health", cancel))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.StatusCode);
            Assert.Equal("""{"status":"unavailable","broker":true,"ranks":{"math_rule":0,"ifeval":null}}""", await waiting.Content.ReadAsStringAsync(cancel));
        }

        await taken.DisposeAsync();
        await WaitAsync(async () => (await http.GetAsync("/v1/health", cancel)).IsSuccessStatusCode);
        Assert.Equal("""{"status":"ok","broker":true,"ranks":{"math_rule":0,"ifeval":0}}""", await http.GetStringAsync("/v1/health", cancel));

        // Told to stop, it lives and takes no more; when it is gone, nothing answers.
        await host.StopAsync(cancel);
        using (var stopped = await http.GetAsync("/v1/health", cancel)) Assert.Equal(HttpStatusCode.ServiceUnavailable, stopped.StatusCode);
        Assert.Equal("\"pong\"", await http.GetStringAsync("/v1/ping", cancel));
        host.Dispose();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync("/v1/ping", cancel));
    }

    [Theory]
    [InlineData("GET /v1/else HTTP/1.1\r\n\r\n", "404")]
    [InlineData("POST /v1/health HTTP/1.1\r\n\r\n", "404")]
    [InlineData("\r\n\r\n", "404")]
    [InlineData("HEAD /v1/ping HTTP/1.0\r\nHost: x\r\n\r\n", "200")]
    public async Task What_is_no_question_is_answered_with_not_found(string request, string status)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var host = Start(new WorkerOptions { Domains = ["math_rule"] });
        await host.StartAsync(cancel);
        // One that says nothing keeps nobody waiting.
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, Address(host).Port, cancel);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address(host).Port, cancel);

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), cancel);
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(cancel);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_taken_is_one_sentence()
    {
        using var other = new TcpListener(AnyPort);
        other.Start();

        using var host = Start(new WorkerOptions { Domains = ["math_rule"] }, (IPEndPoint)other.LocalEndpoint);
        var fault = Assert.Throws<FleetException>(() => host.Services.GetServices<IHostedService>().ToList());

        Assert.Contains("give --health another address", fault.Message, StringComparison.Ordinal);
    }

    private static IHost Start(WorkerOptions options, IPEndPoint? address = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRewardWorker(options, new BrokerOptions()).AddWorkerHealth(address ?? AnyPort);
        return builder.Build();
    }

    private static Uri Address(IHost host) => new($"http://{host.Services.GetServices<IHostedService>().OfType<HealthEndpoint>().Single().Address}");

    private static async Task WaitAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await holds()) await Task.Delay(20, patience.Token);
    }
}
