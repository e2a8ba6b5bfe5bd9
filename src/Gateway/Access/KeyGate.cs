using System.Text;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Access;

/// <summary>Lets in whoever shows a key: as a bearer token, as <c>X-API-Key</c>, or as the password of an address (<c>http://any:KEY@host/</c>).</summary>
/// <remarks>The last is for trainers whose configuration has an address and nothing else.</remarks>
internal sealed class KeyGate(GatewayOptions options)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    /// <summary>What probes ask; it tells whether the gateway works and nothing else.</summary>
    private static readonly PathString[] Open = ["/v1/health", "/v1/ping"];

    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (IsLetIn(context.Request) || Array.Exists(Open, path => context.Request.Path == path)) return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw GatewayFault.NoKey();
    }

    /// <summary>Whether a request may see everything.</summary>
    public bool IsLetIn(HttpRequest request) => options.Keys.IsEmpty || (Shown(request) is { } key && options.Keys.Has(key));

    private static string? Shown(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        if (authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return Password(authorization[Basic.Length..].Trim());
        return request.Headers.TryGetValue("X-API-Key", out var key) ? key.ToString() : null;
    }

    private static string? Password(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.IndexOf(':') is var colon and >= 0 ? pair[(colon + 1)..] : null;
    }
}
