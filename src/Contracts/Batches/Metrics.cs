using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Batches.Operations;

namespace Fleet.Contracts.Batches;

/// <summary>Metrics of several batches become lists, and lists become one number.</summary>
/// <remarks>Source: alibaba/ROLL roll/utils/functionals.py reduce_metrics and roll/distributed/scheduler/protocol.py concat.</remarks>
public static class Metrics
{
    /// <summary>The values that several batches say of one meta entry, in one value.</summary>
    /// <param name="key">The meta entry, for errors.</param>
    /// <param name="values">One value a batch; null where it says nothing.</param>
    /// <returns>
    /// Where the first value is an object, an object: under each of its keys the list of what the batches have there, lists joined
    /// end to end; a batch without that key adds nothing. Else the list of all values, with null for a batch that has none.
    /// </returns>
    /// <exception cref="FleetException">One value is an object and another is not.</exception>
    public static JsonElement Collect(string key, IReadOnlyList<JsonElement?> values)
    {
        if (values.FirstOrDefault(value => value is not null) is not { ValueKind: JsonValueKind.Object })
        {
            return JsonSerializer.SerializeToElement(values);
        }

        var lists = new OrderedDictionary<string, List<JsonElement>>(StringComparer.Ordinal);
        for (int part = 0; part < values.Count; part++)
        {
            if (values[part] is not { } value) continue;
            if (value.ValueKind != JsonValueKind.Object)
            {
                throw new FleetException(
                    $"Meta entry {Quoted.Clip(key)} is {Quoted.Clip(value.GetRawText())} in part {part} and an object in another: make it an object in each.");
            }

            foreach (var member in value.EnumerateObject()) Append(lists, member);
        }

        return JsonSerializer.SerializeToElement(lists);
    }

    /// <summary>Each list of numbers made one number; everything else, empty lists too, stays as it is.</summary>
    /// <param name="metrics">An object of metrics.</param>
    /// <param name="reduction">How a metric is reduced whose name does not say it: by what follows its last <c>@</c>, or by one of the endings
    /// <c>_mean _max _min _p50 _p99 _std _sum</c>.</param>
    /// <exception cref="FleetException">The name of a metric has an unknown reduction after <c>@</c>.</exception>
    public static JsonElement Reduce(JsonElement metrics, MetricReduction reduction = MetricReduction.Mean)
    {
        var reduced = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var metric in metrics.EnumerateObject()) reduced[metric.Name] = ReduceOne(metric.Name, metric.Value, reduction);
        return JsonSerializer.SerializeToElement(reduced);
    }

    private static void Append(OrderedDictionary<string, List<JsonElement>> lists, JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null) return;
        if (!lists.TryGetValue(member.Name, out var list)) lists.Add(member.Name, list = []);
        if (member.Value.ValueKind == JsonValueKind.Array) list.AddRange(member.Value.EnumerateArray());
        else list.Add(member.Value);
    }

    private static JsonElement ReduceOne(string name, JsonElement value, MetricReduction otherwise)
    {
        if (value.ValueKind != JsonValueKind.Array) return value;
        var numbers = new List<double>();
        if (!TryFlatten(value, numbers) || numbers.Count == 0) return value;
        double result = MetricReductions.Named(name, otherwise).Apply(numbers);
        return double.IsFinite(result)
            ? JsonSerializer.SerializeToElement(result)
            : JsonSerializer.SerializeToElement(result.ToString(CultureInfo.InvariantCulture));
    }

    private static bool TryFlatten(JsonElement value, List<double> numbers)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                numbers.Add(value.GetDouble());
                return true;
            case JsonValueKind.True or JsonValueKind.False:
                numbers.Add(value.GetBoolean() ? 1 : 0);
                return true;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray())
                {
                    if (!TryFlatten(element, numbers)) return false;
                }

                return true;
            default:
                return false;
        }
    }
}
