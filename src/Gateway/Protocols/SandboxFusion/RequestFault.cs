using System.Text.Json;
using Fleet.Gateway.Api;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Protocols.SandboxFusion;

/// <summary>What is wrong with a request, said as the original server says it: status 422 and <c>detail</c>.</summary>
/// <param name="Field">The field that is wrong; null for the body as a whole.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Type">A short code.</param>
internal sealed record RequestFault(string? Field, string Message, string Type)
{
    private static readonly (string Name, bool IsRequired, JsonValueKind[] Kinds, string Message, string Type)[] Fields =
    [
        ("code", true, [JsonValueKind.String], "Input should be a valid string", "string_type"),
        ("language", true, [JsonValueKind.String], "Input should be a valid string", "string_type"),
        ("compile_timeout", false, [JsonValueKind.Number], "Input should be a valid number", "float_type"),
        ("run_timeout", false, [JsonValueKind.Number], "Input should be a valid number", "float_type"),
        ("memory_limit_MB", false, [JsonValueKind.Number], "Input should be a valid integer", "int_type"),
        ("stdin", false, [JsonValueKind.String, JsonValueKind.Null], "Input should be a valid string", "string_type"),
        ("files", false, [JsonValueKind.Object], "Input should be a valid dictionary", "dict_type"),
        ("fetch_files", false, [JsonValueKind.Array], "Input should be a valid list", "list_type"),
    ];

    /// <summary>The first fault of a request; null when there is none.</summary>
    public static RequestFault? Of(JsonElement body)
    {
        foreach (var (name, isRequired, kinds, message, type) in Fields)
        {
            if (!body.TryGetProperty(name, out var value))
            {
                if (isRequired) return new RequestFault(name, "Field required", "missing");
            }
            else if (Array.IndexOf(kinds, value.ValueKind) < 0)
            {
                return new RequestFault(name, message, type);
            }
        }

        return null;
    }

    /// <summary>A request that is larger than a row may be, and so could not travel to a worker.</summary>
    public static RequestFault TooLarge(int limit) => new(null, $"Body should have at most {limit:N0} bytes", "too_long");

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        context.Response.ContentType = MediaTypes.Json;
        await context.Response.WriteAsync(
            JsonSerializer.Serialize(new { detail = new[] { new { loc = Field is null ? ["body"] : new[] { "body", Field }, msg = Message, type = Type } } }), context.RequestAborted);
    }
}
