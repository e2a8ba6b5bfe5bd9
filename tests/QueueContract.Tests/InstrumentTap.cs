using System.Diagnostics.Metrics;
using Fleet.Dispatcher.Observability;

namespace Fleet.QueueContract.Tests;

/// <summary>Hears what one of the dispatcher's instruments says.</summary>
internal sealed class InstrumentTap : IDisposable
{
    private readonly MeterListener _listener = new();

    /// <param name="name">The instrument.</param>
    /// <param name="heard">Is told each value and its tags.</param>
    public InstrumentTap(string name, Action<long, IReadOnlyDictionary<string, object?>> heard)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == DispatcherMetrics.MeterName && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => heard(value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal)));
        _listener.Start();
    }

    /// <summary>Asks an instrument that only speaks when it is asked.</summary>
    public void Ask() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();
}
