using System.Buffers;
using System.Text;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;
using Fleet.Gateway.Api;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Protocols;

/// <summary>Rows of protocols that know prompt, response and label alone: where their domain and further columns come from, and how they are scored.</summary>
/// <remarks>
/// A label is the row's <c>ground_truth</c>. A label that is an object, or a text of one, with <c>ground_truth</c>,
/// <c>domain</c> or <c>tag</c> in it gives the row's columns instead: a trainer's data set has one label and a code row
/// needs test cases. The label's domain wins over that of the address (<c>?domain=</c>, <c>?tag=</c>), which wins over the configured one.
/// </remarks>
internal sealed class ProtocolRows(Scoring scoring, GatewayOptions options)
{
    private static readonly string[] Marks = ["ground_truth", "domain", "tag"];
    private static readonly string[] Own = ["prompt", "messages", "response"];

    /// <summary>One row.</summary>
    /// <param name="request">The request, for what its address says.</param>
    /// <param name="number">Number of the row in the request, from 1.</param>
    /// <param name="prompt">A text or a list of messages; undefined for none.</param>
    /// <param name="response">The response.</param>
    /// <param name="label">Any JSON value; undefined for none.</param>
    /// <exception cref="GatewayFault">Nothing says how the row is scored.</exception>
    public Row Build(HttpRequest request, int number, JsonElement prompt, string response, JsonElement label)
    {
        var columns = Columns(label);
        var buffer = new ArrayBufferWriter<byte>(response.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("id", number);
            if (prompt.ValueKind == JsonValueKind.String) json.WriteString("prompt", prompt.GetString());
            else if (prompt.ValueKind == JsonValueKind.Array) Write(json, "messages", prompt);
            json.WriteString("response", response);
            if (columns is { } given)
            {
                foreach (var column in given.EnumerateObject())
                {
                    if (column.Name != "id" && Array.IndexOf(Own, column.Name) < 0) Write(json, column.Name, column.Value);
                }
            }
            else if (label.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
            {
                Write(json, "ground_truth", label);
            }

            if (columns is null || (!IsGiven(columns.Value, "domain") && !IsGiven(columns.Value, "tag"))) WriteDomain(json, request);
            json.WriteEndObject();
        }

        return Row.Parse(number, buffer.WrittenMemory, scoring.MaxRowBytes);
    }

    /// <summary>Scores the rows of a request in order.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="patience">How long the protocol's own client waits.</param>
    /// <exception cref="GatewayFault">A row could not be scored for no fault of its own: the client is to ask again. Or the address wants rows left out.</exception>
    /// <exception cref="FleetException">A row's own data is wrong, and such a row is to end the request.</exception>
    public async Task<ProtocolResults> ScoreAsync(HttpContext context, IReadOnlyList<Row> rows, TimeSpan patience)
    {
        var form = CallForm.Of(context.Request);
        if (form.OnUnscored is OnUnscored.DropRow or OnUnscored.DropGroup)
        {
            throw GatewayFault.BadRequest("'on_unscored' leaves rows out, and the client of this address wants a number for each; expected is nan, zero or raise.");
        }

        var results = new List<RowReward>(rows.Count);
        if (rows.Count > 0)
        {
            var call = form.Options(patience < options.RequestTimeout ? patience : options.RequestTimeout, inOrder: true) with { InOrder = true };
            await foreach (var result in scoring.ScoreAsync(rows, call, context.RequestAborted)) results.Add(result);
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        if (results.Find(result => result.Status is RowStatus.Failed or RowStatus.TimedOut or RowStatus.Cancelled) is { } failed)
        {
            throw GatewayFault.Unavailable($"Row {failed.Row.Number} was not scored: {failed.Status.Word()}, {failed.Reason}", options.RetryAfter);
        }

        var onUnscored = form.OnUnscored ?? options.OnUnscored;
        if (onUnscored == OnUnscored.Raise && results.Find(result => result.Status != RowStatus.Scored) is { } unscored)
        {
            throw new FleetException($"Row {unscored.Row.Number} has no score: {unscored.Status.Word()}, {unscored.Reason}");
        }

        return new ProtocolResults(results, onUnscored);
    }

    private void WriteDomain(Utf8JsonWriter json, HttpRequest request)
    {
        var domain = request.RouteValues["domain"] as string ?? request.Query["domain"].FirstOrDefault();
        var tag = request.Query["tag"].FirstOrDefault();
        if (domain is null && tag is null) domain = options.DefaultDomain;
        var (_, problem) = RowRouter.Route(scoring.Run, domain, tag);
        if (domain is null && tag is null)
        {
            throw GatewayFault.BadRequest("Nothing says how the rows are scored; put the domain into the address (?domain=math_rule), into the label, or into the gateway's configuration.");
        }

        if (problem is not null) throw GatewayFault.BadRequest(problem.Sentence);
        if (domain is not null) json.WriteString("domain", domain);
        if (tag is not null) json.WriteString("tag", tag);
    }

    private static JsonElement? Columns(JsonElement label)
    {
        if (label.ValueKind == JsonValueKind.String && label.GetString() is { Length: > 1 } text && text[0] == '{')
        {
            try
            {
                label = JsonRows.Parse(Encoding.UTF8.GetBytes(text));
            }
            catch (FleetException)
            {
                // A gold answer that begins with a brace.
                return null;
            }
        }

        return label.ValueKind == JsonValueKind.Object && Array.Exists(Marks, mark => IsGiven(label, mark)) ? label : null;
    }

    private static bool IsGiven(JsonElement columns, string name) => columns.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static void Write(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }
}
