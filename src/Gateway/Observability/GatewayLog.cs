using Microsoft.Extensions.Logging;

namespace Fleet.Gateway.Observability;

/// <summary>Every line that the gateway logs. Never a prompt, a response or a key.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(300, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Defect(ILogger log, string method, string path, Exception defect);

    [LoggerMessage(301, LogLevel.Information, "The gateway answers at {Address}")]
    public static partial void Serving(ILogger log, string address);
}
