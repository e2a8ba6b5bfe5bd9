using System.Text.Json;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Gateway.Protocols;

/// <summary>The results of a protocol's rows, and how they become the numbers that its client does arithmetic with.</summary>
/// <param name="Rows">One a row, in order: scored, or invalid by its own data.</param>
/// <param name="OnUnscored">What a row without a score becomes: zero where this says so, else NaN.</param>
internal readonly record struct ProtocolResults(IReadOnlyList<RowReward> Rows, OnUnscored OnUnscored)
{
    /// <summary>Writes a score or reward.</summary>
    /// <remarks>
    /// NaN is the bare word, which Python's json module reads as a float. Null would be None there, which no client here is
    /// prepared for: OpenRLHF's makes a tensor of it, slime's takes a mean over it, and the training run ends.
    /// </remarks>
    public void Write(Utf8JsonWriter json, double? number)
    {
        var value = number ?? (OnUnscored == OnUnscored.Zero ? 0 : double.NaN);
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteRawValue("NaN"u8, skipInputValidation: true);
    }
}
