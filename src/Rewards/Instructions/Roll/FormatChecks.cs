using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Roll;

/// <summary>How a text is laid out.</summary>
internal static class FormatChecks
{
    /// <summary>Exactly N lines that are bullet points.</summary>
    /// <remarks>Differs: the reference takes any line that starts with <c>*</c> or <c>-</c>, rules and bold text too.</remarks>
    public static Check BulletPoints(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        return (text, notes) =>
        {
            var count = 0;
            foreach (var range in text.Text.AsSpan().Split('\n'))
            {
                var line = PythonText.Strip(text.Text.AsSpan(range));
                if (line is not ['*' or '-', ..]) continue;
                if (parity == Parity.Roll || (line.Length > 1 && PythonText.IsWhiteSpace(line[1]))) count++;
            }

            notes?.Add("counted", $"{count} bullet points, exactly {asked} asked");
            return count == asked;
        };
    }

    /// <summary>A title in double angle brackets.</summary>
    /// <remarks>Differs: the reference accepts a blank one.</remarks>
    public static Check Title(Parameters parameters, Parity parity) => (text, notes) =>
    {
        var count = MarkedSpans.CountShortest(text.Text, "<<", ">>", needsContent: parity == Parity.Fixed);
        notes?.Add("counted", $"{count} titles in <<>>, at least 1 asked");
        return count > 0;
    };

    /// <summary>At least N highlights between stars.</summary>
    /// <remarks>Differs: the reference counts every pair of stars, so <c>**x**</c> is two empty highlights.</remarks>
    public static Check HighlightedSections(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        return (text, notes) =>
        {
            var count = parity == Parity.Roll ? MarkedSpans.CountShortest(text.Text, "*", "*") : MarkedSpans.CountHighlights(text.Text);
            notes?.Add("counted", $"{count} highlights, at least {asked} asked");
            return count >= asked;
        };
    }

    /// <summary>Exactly N sections, each after its splitter.</summary>
    /// <remarks>Differs: the reference counts text before the first splitter as a section.</remarks>
    public static Check Sections(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        var splitter = parameters.Text("section_splitter");
        parameters.Require(splitter.Length > 0, "section_splitter", "a text that is not empty");
        return (text, notes) =>
        {
            var count = Occurrences.Count(text.Text, splitter);
            if (parity == Parity.Roll && !text.Text.StartsWith(splitter, StringComparison.Ordinal) && text.Text.Length > 0) count++;
            notes?.Add("counted", $"{count} sections after \"{Excerpt.Clip(splitter)}\", exactly {asked} asked");
            return count == asked;
        };
    }

    /// <summary>The whole text is JSON.</summary>
    /// <remarks>Differs: the reference takes <c>NaN</c> and the infinities for JSON.</remarks>
    public static Check JsonFormat(Parameters parameters, Parity parity) => (text, notes) =>
    {
        notes?.Add("parsed", "the whole text as JSON");
        return PythonJson.IsValid(text.Text, allowConstants: parity == Parity.Roll);
    };
}
