using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Runs;
using Fleet.Gateway;
using Fleet.Messaging;
using Fleet.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Integration.Tests.Gateway;

/// <summary>The real gateway on a free loopback port, with workers beside it on the in-memory queue.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private TestGateway(WebApplication app, RunDefinition run)
    {
        (_app, Run) = (app, run);
        Address = new Uri(GatewayServices.Address(app));
        Http = new HttpClient { BaseAddress = Address, Timeout = Patience };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public RunDefinition Run { get; }

    public RewardDispatcher Dispatcher => _app.Services.GetRequiredService<RewardDispatcher>();

    public Membership Membership => _app.Services.GetRequiredService<Membership>();

    /// <summary>Starts a gateway for some domains; without any, no worker lives.</summary>
    public static async Task<TestGateway> StartAsync(string[] domains, GatewayOptions? options = null, DispatcherOptions? dispatcher = null, WorkerOptions? worker = null, JsonObject? config = null, Action<IServiceCollection>? services = null)
    {
        var run = new RunDefinition(
            Guid.NewGuid().ToString("N")[..12],
            domains.Select(domain => new DomainDefinition(domain, domain, ["tag_of_" + domain], config?.DeepClone().AsObject() ?? new JsonObject { ["parity"] = "fixed" })));
        var app = GatewayServices.Build(options ?? new GatewayOptions { Listen = AnyPort }, run, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.None);
            services?.Invoke(builder.Services);
            builder.Services.AddRewardWorker(worker ?? new WorkerOptions { Domains = domains, Slots = 2 }, new BrokerOptions());
            builder.Services.AddRewardDispatcher(dispatcher ?? new DispatcherOptions(), new BrokerOptions());
        });
        await app.StartAsync().WaitAsync(Patience);
        var gateway = new TestGateway(app, run);
        Assert.True(await gateway.Membership.WaitAsync(members => domains.All(domain => members.LiveWorkers(domain).Count > 0), Patience, CancellationToken.None));
        return gateway;
    }

    public static IPEndPoint AnyPort => new(IPAddress.Loopback, 0);

    public async Task<HttpResponseMessage> PostAsync(string path, string body, string type = "application/json", string? accept = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(Encoding.UTF8.GetBytes(body), type) };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await Http.SendAsync(request);
    }

    /// <summary>Posts a body and reads the answer as JSON; anything but 200 fails.</summary>
    public async Task<JsonNode?> AskAsync(string path, string body)
    {
        using var response = await PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode} {text}");
        return JsonNode.Parse(text);
    }

    public static ByteArrayContent Content(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
