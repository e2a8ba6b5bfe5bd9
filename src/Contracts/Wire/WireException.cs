namespace Fleet.Contracts.Wire;

/// <summary>Bytes that are no batch, or one of a version that is unknown here. Never transient: the same bytes stay wrong.</summary>
public sealed class WireException : FleetException
{
    private WireException(string message, Exception? inner = null) : base(message, inner: inner) { }

    internal static WireException Malformed(string fault, Exception? inner = null) => new(
        $"The bytes are no batch in wire format {WireFormat.Version}: {fault}; send the whole Arrow stream as docs/wire-format.md describes it.", inner);

    internal static WireException OtherVersion(string found) => new(
        $"The batch is in wire format {found} and this program reads format {WireFormat.Version}: bring both ends to the same release of Fleet.");
}
