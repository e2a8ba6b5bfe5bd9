using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fleet.Dispatcher.Rollouts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Gateway.Faults;

/// <summary>The one form of every error: a problem document (RFC 9457).</summary>
internal static class Problem
{
    public const string ContentType = "application/problem+json";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Answers with a fault.</summary>
    public static Task WriteAsync(HttpContext context, GatewayFault fault) => WriteAsync(context, fault.Status, fault.Code, fault.Message, fault.RetryAfter);

    /// <summary>Answers with a status that has no sentence of its own: no such address, no such method.</summary>
    public static Task WriteAsync(HttpContext context, int status) => WriteAsync(
        context,
        status,
        Code(ReasonPhrases.GetReasonPhrase(status)),
        status switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at '{Excerpt.Of(context.Request.Path)}'; see /v1/rewards, /v1/health and /v1/ranks.",
            StatusCodes.Status405MethodNotAllowed => $"'{Excerpt.Of(context.Request.Path)}' does not take {context.Request.Method}.",
            _ => ReasonPhrases.GetReasonPhrase(status) + ".",
        },
        null);

    private static async Task WriteAsync(HttpContext context, int status, string code, string detail, TimeSpan? retryAfter)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        if (retryAfter is { } pause) response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await using (var json = new Utf8JsonWriter(response.BodyWriter, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", "urn:fleet:problem:" + code);
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
            json.WriteNumber("status", status);
            json.WriteString("code", code);
            json.WriteString("detail", detail);
            json.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static string Code(string phrase) => phrase.ToLowerInvariant().Replace(' ', '_');
}
