using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Rollouts.Columnar;
using Fleet.Gateway.Access;
using Fleet.Gateway.Faults;
using Fleet.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Fleet.Gateway.Api;

/// <summary><c>POST /v1/rewards</c>: rows in as JSON, JSON lines or an Arrow batch; results out in any of the three.</summary>
internal sealed class RewardsEndpoint(Scoring scoring, GatewayOptions options, Admission admission, FleetBus bus)
{
    public async Task AnswerAsync(HttpContext context)
    {
        using var ticket = admission.Enter();
        // Who is in already waits for the broker to come back, and so do trainers' own clients, which soon give up trying.
        if (!bus.IsConnected) throw GatewayFault.Unavailable("The broker is away, and without it no row reaches a worker.", options.RetryAfter);
        var request = context.Request;
        var cancellation = context.RequestAborted;
        var body = MediaTypes.OfBody(request);
        var answer = MediaTypes.OfAnswer(request, body);
        var form = CallForm.Of(request);
        if (body == RowForm.Arrow)
        {
            await AnswerBatchAsync(context, ticket, answer, form);
            return;
        }

        // Lines come one by one as they are generated, and are answered as they finish; a whole body is answered in its order.
        var call = form.Options(body == RowForm.Lines ? null : options.RequestTimeout, inOrder: answer != RowForm.Lines);
        // The rows of a batch have no number to tell them by.
        if (answer == RowForm.Arrow) call = call with { InOrder = true };
        if (body == RowForm.Lines)
        {
            LetWait(context);
            var lines = RolloutReader.ReadAsync(request.Body, scoring.MaxRowBytes, cancellation);
            await WriteAsync(context, answer, form, call.InOrder, scoring.ScoreAsync(lines, call with { MaxRowsInFlight = options.MaxStreamRows }, cancellation));
            return;
        }

        var rows = Read(await Body.ReadAsync(request, ticket, options.MaxBodyBytes, cancellation));
        await WriteAsync(context, answer, form, call.InOrder, scoring.ScoreAsync(rows, call, cancellation));
    }

    private async Task AnswerBatchAsync(HttpContext context, Admission.Ticket ticket, RowForm answer, CallForm form)
    {
        var bytes = await Body.ReadAsync(context.Request, ticket, options.MaxBodyBytes, context.RequestAborted);
        var batch = ReadBatch(bytes);
        var outcomes = await scoring.ScoreAsync(batch, form.Options(options.RequestTimeout, inOrder: true), context.RequestAborted);
        context.RequestAborted.ThrowIfCancellationRequested();
        if (answer == RowForm.Arrow)
        {
            var rewards = RewardBatch.Of(batch, outcomes, form.OnUnscored ?? options.OnUnscored, options.TokenRewards);
            await ResultWriter.WriteBatchAsync(context.Response, rewards, context.RequestAborted);
            return;
        }

        var results = BatchRows.Echo(batch).Zip(outcomes, Result).ToAsyncEnumerable();
        await ResultWriter.WriteRowsAsync(context.Response, answer, isNumbered: false, results, context.RequestAborted);
    }

    private async Task WriteAsync(HttpContext context, RowForm answer, CallForm form, bool isInOrder, IAsyncEnumerable<RowReward> results)
    {
        var cancellation = context.RequestAborted;
        if (answer != RowForm.Arrow)
        {
            await ResultWriter.WriteRowsAsync(context.Response, answer, isNumbered: !isInOrder, results, cancellation);
            return;
        }

        var table = new RewardTable(form.OnUnscored ?? options.OnUnscored, options.TokenRewards);
        await foreach (var result in results) table.Add(result);
        cancellation.ThrowIfCancellationRequested();
        await ResultWriter.WriteBatchAsync(context.Response, table.ToBatch(), cancellation);
    }

    private IReadOnlyList<Row> Read(byte[] json)
    {
        try
        {
            return JsonRows.Read(json, scoring.MaxRowBytes);
        }
        catch (FleetException wrong)
        {
            throw GatewayFault.BadRequest(wrong.Message);
        }
    }

    private static DataProto ReadBatch(byte[] arrow)
    {
        try
        {
            return BatchReader.Read(arrow);
        }
        catch (FleetException wrong)
        {
            throw GatewayFault.BadRequest(wrong.Message);
        }
    }

    private RowReward Result(Row row, RowOutcome outcome) =>
        new() { Row = row, Domain = RowRouter.Route(scoring.Run, row.Domain, row.Tag).Domain?.Domain, Outcome = outcome };

    // A trainer that still generates is silent for as long as it likes, and so is one that computes between two reads.
    private static void LetWait(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } reading) reading.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } writing) writing.MinDataRate = null;
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
    }
}
