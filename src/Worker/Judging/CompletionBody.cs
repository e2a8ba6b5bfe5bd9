using System.Text.Json;

namespace Fleet.Worker.Judging;

/// <summary>Reads the whole body of a judge's answer, and sees that it is an answer at all.</summary>
internal static class CompletionBody
{
    private const long MostBytes = 8 << 20;

    /// <summary>Buffers the body and checks that a success carries a chat completion.</summary>
    /// <exception cref="HttpRequestException">The body was cut off or damaged, is too large, or is no chat completion: the endpoint is at fault, another attempt may do better.</exception>
    public static async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or InvalidOperationException)
        {
            // The last two are the words of the decompressors.
            throw new HttpRequestException($"the answer broke off: {fault.Message}", fault);
        }

        if (!response.IsSuccessStatusCode) return;
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!IsCompletion(body)) throw new HttpRequestException("the answer is no chat completion");
        response.Content.Headers.ContentLength = body.Length;
    }

    private static bool IsCompletion(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
                && choices[0].ValueKind == JsonValueKind.Object
                && choices[0].TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
                && (!message.TryGetProperty("content", out var content) || content.ValueKind is JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Array);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
