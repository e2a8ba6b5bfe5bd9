using System.Globalization;

namespace Fleet.Contracts.Messages;

/// <summary>What makes a part the same part, however often it is sent.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Part">Index of the part in its call.</param>
public readonly record struct PartKey(Guid CallId, int Part)
{
    /// <summary>The call's id in 32 hexadecimal digits, a slash, the index.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CallId:N}/{Part}");
}
