using System.Globalization;
using System.Net;
using Fleet.Contracts;

namespace Fleet.Cli.Configuration;

/// <summary>An address to listen on, as people write it: <c>8080</c>, <c>localhost:8080</c>, <c>0.0.0.0:8080</c>, <c>*:8080</c>, <c>[::]:8080</c>.</summary>
internal static class ListenAddress
{
    /// <summary>The address; null for null. A port alone is the loopback's.</summary>
    /// <exception cref="FleetException">It is no address.</exception>
    public static IPEndPoint? Parse(string? text)
    {
        if (text is null) return null;
        var colon = text.LastIndexOf(':');
        var (host, port) = colon < 0 ? ("", text) : (text[..colon], text[(colon + 1)..]);
        IPAddress? address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.IPv6Any,
            "" when colon < 0 => IPAddress.Loopback,
            "" => IPAddress.IPv6Any,
            _ => IPAddress.TryParse(host, out var parsed) ? parsed : null,
        };
        return address is not null && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= IPEndPoint.MaxPort
            ? new IPEndPoint(address, number)
            : throw new FleetException($"'{text}' is no address to listen on; expected is one such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080.");
    }
}
