using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Fleet.Gateway.Api;

/// <summary>The forms in which rows come and results go.</summary>
internal enum RowForm
{
    /// <summary>One JSON text.</summary>
    Json,

    /// <summary>JSON lines.</summary>
    Lines,

    /// <summary>One batch as an Arrow stream.</summary>
    Arrow,
}

/// <summary>Which form a request has and which it asks for, by their media types.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Lines = "application/x-ndjson";
    public const string Arrow = "application/vnd.apache.arrow.stream";

    private const string Offered = $"{Json}, {Lines} and {Arrow}";

    private static readonly (string Name, RowForm Form)[] Known =
    [
        (Json, RowForm.Json), (Lines, RowForm.Lines), ("application/jsonl", RowForm.Lines), ("application/ndjson", RowForm.Lines), (Arrow, RowForm.Arrow),
    ];

    /// <summary>The form of the body; one without a type is JSON.</summary>
    /// <exception cref="GatewayFault">It is another.</exception>
    public static RowForm OfBody(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType)) return RowForm.Json;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && Find(type) is { } form) return form;
        throw GatewayFault.WrongType(request.ContentType, Offered);
    }

    /// <summary>The form of the answer: the best of those asked for, else that of the body.</summary>
    /// <exception cref="GatewayFault">Only others are asked for.</exception>
    public static RowForm OfAnswer(HttpRequest request, RowForm body)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || accept.ToString() == "*/*" || !MediaTypeHeaderValue.TryParseList(accept, out var asked)) return body;
        foreach (var type in asked.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.MatchesAllTypes) return body;
            if (Find(type) is { } form) return form;
            if (type.MatchesAllSubTypes && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)) return body;
        }

        throw GatewayFault.NotAcceptable(accept.ToString(), Offered);
    }

    private static RowForm? Find(MediaTypeHeaderValue type)
    {
        foreach (var (name, form) in Known)
        {
            if (type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase)) return form;
        }

        return null;
    }
}
