using System.Globalization;
using System.Text.Json;

namespace Fleet.Rewards.Detection;

/// <summary>What a row says about how its boxes are scored; what it does not say, the domain's settings say.</summary>
/// <remarks>A trainer may send the columns by themselves or inside its <c>reward_model</c> object and that object's <c>verifier_parm</c>.</remarks>
internal sealed class DetectionSettings(RewardSettings settings, Rollout rollout)
{
    private const double DefaultFormatRatio = 0.1;
    private const double DefaultAccuracyRatio = 1.0;

    private readonly JsonElement? _model = rollout.Column("reward_model") is { ValueKind: JsonValueKind.Object } model ? model : null;

    /// <summary>The true boxes as text; null when the row has none.</summary>
    public string? GroundTruth => rollout.GroundTruth ?? (Member(_model, "ground_truth") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null);

    /// <summary>The weight of the format; default 0.1.</summary>
    public double FormatRatio => Number("format_ratio") ?? DefaultFormatRatio;

    /// <summary>The weight of the accuracy; default 1.</summary>
    public double AccuracyRatio => Number("accuracy_ratio") ?? DefaultAccuracyRatio;

    /// <summary>The index of the threshold that counts; null for the mean over all of them.</summary>
    public int? Threshold
    {
        get
        {
            var text = Value("iou_threshold") is { } value ? TextOf(value) : settings.Text("det_iou_threshold");
            if (text == "dynamic") return IndexOf(Progress switch { <= 0.1 => 0.85, <= 0.25 => 0.95, _ => 0.99 });
            return double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? IndexOf(number) : null;
        }
    }

    /// <summary>The image's width and height in pixels when the predictions must be brought to thousandths of it; else null.</summary>
    public (double Width, double Height)? ImageSize
    {
        get
        {
            if (Value("det_verifier_normalized") is not { ValueKind: JsonValueKind.True }) return null;
            if (settings.Text("processor_class") is { } processor && !processor.StartsWith("Qwen2_5", StringComparison.Ordinal)) return null;
            if (Value("image_grid_thw") is not { ValueKind: JsonValueKind.Array } images || images.GetArrayLength() == 0) return null;
            if (images[0] is not { ValueKind: JsonValueKind.Array } image || image.GetArrayLength() < 3) return null;
            return image[2].ValueKind == JsonValueKind.Number && image[1].ValueKind == JsonValueKind.Number ? (image[2].GetDouble(), image[1].GetDouble()) : null;
        }
    }

    // A schedule without an end has not begun.
    private double Progress => (Number("total_steps") ?? Number("max_steps") ?? 0) is var total and > 0 ? (Number("step") ?? Number("global_step") ?? 0) / total : 0;

    /// <summary>A weight of <c>det_reward_ratio</c>.</summary>
    /// <value>0 when it is missing, null, or outside [0, 1].</value>
    public double Weight(string name) =>
        Member(Value("det_reward_ratio"), name) is { ValueKind: JsonValueKind.Number } weight && weight.GetDouble() is >= 0 and <= 1 and var number ? number : 0;

    private static int? IndexOf(double threshold) => Array.IndexOf(BoxMatching.Thresholds, threshold) is >= 0 and var index ? index : null;

    private double? Number(string name) =>
        Value(name) is { } value && double.TryParse(TextOf(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private JsonElement? Value(string name) =>
        rollout.Column(name) ?? Member(_model, name) ?? Member(Member(_model, "verifier_parm"), name) ?? settings.Value(name);

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
