using System.Text;
using System.Text.Json;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Detection;

/// <summary>Reads the boxes of an answer: a JSON list of objects with <c>bbox_2d</c> and <c>label</c>, mended where models often break it.</summary>
/// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards/detection_reward_worker.py.</remarks>
internal static class BoxText
{
    private const string Open = "<answer>";
    private const string Close = "</answer>";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 900 };

    /// <summary>The first answer of a text, in lower case and without white space around it; empty when there is none.</summary>
    public static string Answer(string text)
    {
        var start = text.IndexOf(Open, StringComparison.Ordinal);
        if (start < 0) return "";
        start += Open.Length;
        var end = text.IndexOf(Close, start, StringComparison.Ordinal);
        return end < 0 ? "" : PythonText.Lower(PythonText.Strip(text.AsSpan(start, end - start)).ToString());
    }

    /// <summary>Reads the boxes.</summary>
    /// <returns>At least one box; null when the text holds none or cannot be read. A box at a place that is taken is dropped, whatever its label.</returns>
    public static List<Box>? Read(string answer)
    {
        if (PythonText.Strip(answer).IsEmpty) return null;

        try
        {
            // UTF-8 with replacement: a lone half of a surrogate pair may stand in a label.
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(Mend(answer)), Strict);
            return json.RootElement.ValueKind == JsonValueKind.Array ? Boxes(json.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Doubled brackets become single ones, a list that was cut loses its last item, quotes become double, backslashes go.
    private static string Mend(string text)
    {
        text = text.Replace("[[", "[", StringComparison.Ordinal).Replace("]]", "]", StringComparison.Ordinal);
        if (!text.EndsWith(']'))
        {
            var last = text.LastIndexOf("},", StringComparison.Ordinal);
            text = (last < 0 ? text : text[..last]) + "}]";
        }

        return text.Replace('\'', '"').Replace("\\", "", StringComparison.Ordinal);
    }

    private static List<Box>? Boxes(JsonElement list)
    {
        var boxes = new List<Box>(list.GetArrayLength());
        var taken = new HashSet<(double, double, double, double)>();
        foreach (var item in list.EnumerateArray())
        {
            if (BoxOf(item) is { } box && taken.Add((box.X1, box.Y1, box.X2, box.Y2))) boxes.Add(box);
        }

        return boxes.Count == 0 ? null : boxes;
    }

    private static Box? BoxOf(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        if (!item.TryGetProperty("label", out var label) || label.ValueKind != JsonValueKind.String) return null;
        if (!item.TryGetProperty("bbox_2d", out var corners) || corners.ValueKind != JsonValueKind.Array || corners.GetArrayLength() != 4) return null;
        if (Number(corners[0]) is not { } x1 || Number(corners[1]) is not { } y1 || Number(corners[2]) is not { } x2 || Number(corners[3]) is not { } y2) return null;
        return x1 <= x2 && y1 <= y2 ? new Box(x1, y1, x2, y2, label.GetString()!) : null;
    }

    // Python counts True as 1 and False as 0.
    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };
}
