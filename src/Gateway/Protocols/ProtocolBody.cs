using System.Text.Json;
using Fleet.Contracts;
using Fleet.Dispatcher.Rollouts;
using Fleet.Gateway.Faults;

namespace Fleet.Gateway.Protocols;

/// <summary>The body of a protocol's request: one JSON object, whatever content type the client says.</summary>
internal static class ProtocolBody
{
    /// <exception cref="GatewayFault">It is something else.</exception>
    public static JsonElement Object(byte[] bytes)
    {
        try
        {
            var body = JsonRows.Parse(bytes);
            return body.ValueKind == JsonValueKind.Object ? body : throw GatewayFault.BadRequest("The body is no JSON object.");
        }
        catch (FleetException wrong) when (wrong is not GatewayFault)
        {
            throw GatewayFault.BadRequest(wrong.Message);
        }
    }
}
