using System.Text.Json;
using Fleet.Dispatcher.Clusters;
using Fleet.Dispatcher.Runs;
using Fleet.Gateway.Access;
using Fleet.Messaging;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Api;

/// <summary><c>GET /v1/health</c> and <c>GET /v1/ranks</c>: whether rows can be scored at this moment, and who would do it.</summary>
internal sealed class StateEndpoints(RunDefinition run, Membership membership, FleetBus bus, KeyGate gate)
{
    /// <summary>
    /// <c>ok</c> when every domain of the run has a live worker, <c>degraded</c> when some have, both with status 200;
    /// <c>unavailable</c> with 503 when none has or the broker is away. Who shows no key learns that one word.
    /// </summary>
    public async Task HealthAsync(HttpContext context)
    {
        var live = run.Domains.Where(domain => domain.NotBuilt is null)
            .OrderBy(domain => domain.Domain, StringComparer.Ordinal)
            .Select(domain => (domain.Domain, Workers: membership.LiveWorkers(domain.ServedBy).Count))
            .ToList();
        var isConnected = bus.IsConnected;
        var word = !isConnected || live.TrueForAll(domain => domain.Workers == 0) ? "unavailable" : live.Exists(domain => domain.Workers == 0) ? "degraded" : "ok";

        context.Response.StatusCode = word == "unavailable" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        await WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", word);
            if (gate.IsLetIn(context.Request))
            {
                json.WriteBoolean("broker", isConnected);
                json.WriteStartObject("workers");
                foreach (var (domain, workers) in live) json.WriteNumber(domain, workers);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    /// <summary>The live ranks: the columns of <c>fleet status</c>.</summary>
    public Task RanksAsync(HttpContext context) => WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("ranks");
        foreach (var worker in membership.Workers)
        {
            json.WriteStartObject();
            json.WriteString("domain", worker.Domain);
            json.WriteNumber("rank", worker.Lease);
            json.WriteString("state", worker.State.ToString().ToLowerInvariant());
            json.WriteNumber("slots", worker.Slots);
            json.WriteNumber("free_slots", worker.FreeSlots);
            json.WriteNumber("rows_scored", worker.RowsScored);
            json.WriteString("version", worker.Version);
            json.WriteString("host", worker.Host);
            json.WriteString("worker", worker.Worker);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = MediaTypes.Json;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter)) write(json);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
