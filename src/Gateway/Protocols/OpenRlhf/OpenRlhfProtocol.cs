using System.Text.Json;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Rollouts;
using Fleet.Gateway.Access;
using Fleet.Gateway.Api;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Gateway.Protocols.OpenRlhf;

/// <summary>OpenRLHF's remote reward model: <c>POST /get_reward {query, prompts, labels} -> {rewards, scores, extra_logs}</c>, lists of one length.</summary>
/// <remarks>
/// Empty lists are answered with empty lists: with several addresses, all but one get nothing and must answer.
/// <c>extra_logs</c> holds numbers only, for they become tensors. A row whose own data is wrong is NaN, or what
/// <c>on_unscored</c> says; a row that the fleet could not score makes the answer 503, which the client tries again four times.
/// Source: OpenRLHF/OpenRLHF openrlhf/utils/agent.py SingleTurnAgentExecutor._fetch_rewards_via_http.
/// </remarks>
internal sealed class OpenRlhfProtocol(ProtocolRows rows, Admission admission, GatewayOptions options) : ITrainerProtocol
{
    // The client gives up after 180 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(170);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/get_reward/{domain?}", (RequestDelegate)AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        using var ticket = admission.Enter();
        var body = ProtocolBody.Object(await Body.ReadAsync(context.Request, ticket, options.MaxBodyBytes, context.RequestAborted));
        var queries = List(body, "query", null);
        var prompts = List(body, "prompts", queries.Length);
        var labels = List(body, "labels", queries.Length);
        var results = await rows.ScoreAsync(context, [.. queries.Select((query, i) => Row(context.Request, i, query, prompts[i], labels[i]))], Patience);

        context.Response.ContentType = MediaTypes.Json;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            Numbers(json, "rewards", results, result => result.Reward);
            Numbers(json, "scores", results, result => result.Score);
            json.WriteStartObject("extra_logs");
            Numbers(json, "scored", results, result => result.Status == RowStatus.Scored ? 1 : 0);
            Numbers(json, "scoring_ms", results, result => result.Milliseconds ?? 0);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private Row Row(HttpRequest request, int index, JsonElement query, JsonElement prompt, JsonElement label)
    {
        if (query.ValueKind != JsonValueKind.String) throw GatewayFault.BadRequest($"'query[{index}]' is no text.");
        var text = prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;
        return PromptCut.Response(query.GetString()!, text) is { } response
            ? rows.Build(request, index + 1, prompt, response, label)
            : Dispatcher.Rollouts.Row.Broken(index + 1, new RowProblem("prompt_not_found", "The sequence does not begin with its prompt, so nobody can say where the response begins."));
    }

    private static JsonElement[] List(JsonElement body, string name, int? length)
    {
        if (!body.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return length is { } missing ? new JsonElement[missing] : throw GatewayFault.BadRequest($"The request has no '{name}'; expected are query, prompts and labels, lists of one length.");
        }

        if (list.ValueKind != JsonValueKind.Array) throw GatewayFault.BadRequest($"'{name}' is no list.");
        JsonElement[] items = [.. list.EnumerateArray()];
        return length is null || items.Length == length ? items : throw GatewayFault.BadRequest($"'{name}' has {items.Length} entries and 'query' {length}; they must be as many.");
    }

    private static void Numbers(Utf8JsonWriter json, string name, ProtocolResults results, Func<RowReward, double?> number)
    {
        json.WriteStartArray(name);
        foreach (var result in results.Rows) results.Write(json, number(result));
        json.WriteEndArray();
    }
}
