namespace Fleet.Worker.Models;

/// <summary>What the outputs of a classifier say in probabilities.</summary>
internal static class LabelProbabilities
{
    /// <summary>The probability of each label; of a single one, that it holds.</summary>
    /// <param name="outputs">The outputs, finite, one for each label.</param>
    public static double[] Of(IReadOnlyList<float> outputs)
    {
        if (outputs.Count == 1) return [1 / (1 + Math.Exp(-outputs[0]))];
        var highest = outputs.Max();
        var raised = outputs.Select(output => Math.Exp(output - highest)).ToArray();
        var sum = raised.Sum();
        return [.. raised.Select(value => value / sum)];
    }
}
