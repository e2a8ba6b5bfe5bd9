using System.Diagnostics;
using Fleet.Dispatcher.Runs;
using Fleet.Gateway.Access;
using Fleet.Gateway.Api;
using Fleet.Gateway.Faults;
using Fleet.Gateway.Observability;
using Fleet.Gateway.Protocols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Fleet.Gateway;

/// <summary>The gateway: a dispatcher that trainers reach over HTTP. See docs/gateway.md.</summary>
public static class GatewayServices
{
    private static readonly double[] SecondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    /// <summary>A host that serves a run; the dispatcher, and workers beside it where there is no broker, are added by the caller.</summary>
    /// <param name="options">Where it listens, whom it lets in, how much it takes on.</param>
    /// <param name="run">The run whose configuration scores the rows.</param>
    /// <param name="configure">Adds logging, the dispatcher and whatever else the host needs.</param>
    /// <exception cref="Contracts.FleetException">The options do not go together.</exception>
    public static WebApplication Build(GatewayOptions options, RunDefinition run, Action<IHostApplicationBuilder> configure)
    {
        options.Check();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configure(builder);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Listen(options.Listen);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddFleetGateway(options, run);

        var app = builder.Build();
        app.MapFleetGateway();
        return app;
    }

    /// <summary>The address that the gateway answers at, once it has started.</summary>
    public static string Address(IHost host) => host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static void AddFleetGateway(this IServiceCollection services, GatewayOptions options, RunDefinition run)
    {
        services.AddSingleton(options);
        services.AddSingleton(run);
        services.AddSingleton<Admission>();
        services.AddSingleton<KeyGate>();
        services.AddSingleton<FaultFence>();
        services.AddSingleton<Scoring>();
        services.AddSingleton<RewardsEndpoint>();
        services.AddSingleton<ProtocolRows>();
        services.AddSingleton<StateEndpoints>();
        services.AddSingleton<WorkerGauge>();
        foreach (var protocol in TrainerProtocols.All) services.AddSingleton(protocol);
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("fleet-gateway"))
            .WithMetrics(metrics => metrics
                .AddMeter("Fleet.*")
                .AddView("fleet_*_seconds", new ExplicitBucketHistogramConfiguration { Boundaries = SecondsBuckets })
                .AddPrometheusExporter());
    }

    private static void MapFleetGateway(this WebApplication app)
    {
        var fence = app.Services.GetRequiredService<FaultFence>();
        var gate = app.Services.GetRequiredService<KeyGate>();
        app.Services.GetRequiredService<WorkerGauge>();
        app.Use(next => context => CountAsync(context, next));
        app.Use(next => context => fence.GuardAsync(context, next));
        app.Use(next => context => gate.PassAsync(context, next));
        app.UseRouting();

        var state = app.Services.GetRequiredService<StateEndpoints>();
        app.MapPost("/v1/rewards", (RequestDelegate)app.Services.GetRequiredService<RewardsEndpoint>().AnswerAsync);
        app.MapGet("/v1/health", (RequestDelegate)state.HealthAsync);
        app.MapGet("/v1/ranks", (RequestDelegate)state.RanksAsync);
        app.MapPrometheusScrapingEndpoint("/metrics");
        foreach (var protocol in TrainerProtocols.All) ((ITrainerProtocol)app.Services.GetRequiredService(protocol)).Map(app);
    }

    private static async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var start = Stopwatch.GetTimestamp();
        GatewayMetrics.Began();
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            GatewayMetrics.Ended(route, context.Response.StatusCode, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }
}
