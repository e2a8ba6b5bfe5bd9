using Microsoft.AspNetCore.Routing;

namespace Fleet.Gateway.Protocols;

/// <summary>What one trainer's own client says to its reward server, and expects to hear. One folder a protocol.</summary>
internal interface ITrainerProtocol
{
    /// <summary>Adds the protocol's addresses.</summary>
    void Map(IEndpointRouteBuilder routes);
}

/// <summary>The protocols that the gateway speaks.</summary>
internal static class TrainerProtocols
{
    /// <summary>One line a protocol.</summary>
    public static readonly Type[] All =
    [
        typeof(OpenRlhf.OpenRlhfProtocol),
        typeof(Slime.SlimeProtocol),
        typeof(SandboxFusion.SandboxFusionProtocol),
    ];
}
