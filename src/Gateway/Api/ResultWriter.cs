using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Rollouts;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Api;

/// <summary>Writes results as they come, and waits for a reader that is slower.</summary>
internal static class ResultWriter
{
    private const int FlushAt = 32 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes <c>{"rows": [...]}</c>, or one object a line.</summary>
    /// <param name="response">Where to.</param>
    /// <param name="form">JSON or lines.</param>
    /// <param name="isNumbered">Whether each result tells its row's number: for results that come in another order.</param>
    /// <param name="results">The results.</param>
    /// <param name="cancellation">Fires when the reader is gone.</param>
    public static async Task WriteRowsAsync(HttpResponse response, RowForm form, bool isNumbered, IAsyncEnumerable<RowReward> results, CancellationToken cancellation)
    {
        var isLines = form == RowForm.Lines;
        response.ContentType = isLines ? MediaTypes.Lines : MediaTypes.Json;
        var pipe = response.BodyWriter;
        // Until it is sent an answer stays out of the pipe, which gives nothing back when the call fails and an error is to be told instead.
        var unsent = new ArrayBufferWriter<byte>(FlushAt);
        // Whoever sends line by line learns at once that they are welcome.
        if (isLines) await pipe.FlushAsync(cancellation);
        else unsent.Write("{\"rows\":["u8);

        await using var json = new Utf8JsonWriter(unsent, Options);
        await using var source = results.GetAsyncEnumerator(cancellation);
        for (var isFirst = true; await NextAsync(source, pipe, unsent, isLines, cancellation); isFirst = false)
        {
            if (!isLines && !isFirst) unsent.Write(","u8);
            json.Reset(unsent);
            RewardWriter.WriteObject(json, source.Current, isNumbered);
            await json.FlushAsync(cancellation);
            if (isLines) unsent.Write("\n"u8);
            if (unsent.WrittenCount >= FlushAt) await SendAsync(pipe, unsent, cancellation);
        }

        // What was cancelled on the way is no whole answer.
        cancellation.ThrowIfCancellationRequested();
        if (!isLines) unsent.Write("]}\n"u8);
        await SendAsync(pipe, unsent, cancellation);
    }

    /// <summary>Writes a batch as an Arrow stream.</summary>
    public static async Task WriteBatchAsync(HttpResponse response, DataProto batch, CancellationToken cancellation)
    {
        var bytes = BatchWriter.Write(batch);
        response.ContentType = MediaTypes.Arrow;
        response.ContentLength = bytes.Length;
        await response.BodyWriter.WriteAsync(bytes, cancellation);
    }

    // Lines that are there go out before the next one is waited for.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<RowReward> source, PipeWriter pipe, ArrayBufferWriter<byte> unsent, bool isLines, CancellationToken cancellation)
    {
        var next = source.MoveNextAsync();
        if (isLines && !next.IsCompleted && unsent.WrittenCount > 0) await SendAsync(pipe, unsent, cancellation);
        return await next;
    }

    private static async ValueTask SendAsync(PipeWriter pipe, ArrayBufferWriter<byte> unsent, CancellationToken cancellation)
    {
        var sent = await pipe.WriteAsync(unsent.WrittenMemory, cancellation);
        unsent.ResetWrittenCount();
        if (sent.IsCompleted || sent.IsCanceled) throw new OperationCanceledException("The reader is gone.", cancellation);
    }
}
