using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Roll;

/// <summary>What a text must say, and where it must begin and end.</summary>
internal static class ContentChecks
{
    /// <summary>A postscript: the marker, and something after it.</summary>
    public static Check Postscript(Parameters parameters, Parity parity)
    {
        var marker = parameters.Text("postscript_marker");
        return (text, notes) =>
        {
            var at = text.Text.IndexOf(marker, StringComparison.Ordinal);
            notes?.Add("postscript", Excerpt.Found(text.Text, marker, at));
            return at >= 0 && PythonText.Length(PythonText.Strip(text.Text.AsSpan(at))) > PythonText.Length(marker);
        };
    }

    /// <summary>At least N placeholders in square brackets.</summary>
    public static Check Placeholders(Parameters parameters, Parity parity)
    {
        var asked = parameters.Number("N");
        return (text, notes) =>
        {
            var count = MarkedSpans.CountShortest(text.Text, "[", "]");
            notes?.Add("counted", $"{count} placeholders, at least {asked} asked");
            return count >= asked;
        };
    }

    /// <summary>The text is one of the options.</summary>
    /// <remarks>Differs: the reference accepts any part of an option, the empty text too, and no blank around it.</remarks>
    public static Check Choice(Parameters parameters, Parity parity)
    {
        var options = parameters.Texts("options");
        return (text, notes) =>
        {
            notes?.Add("options", string.Join(" | ", options.Select(Excerpt.Clip)));
            return parity == Parity.Roll
                ? options.Any(option => option.Contains(text.Text, StringComparison.Ordinal))
                : options.Any(option => PythonText.Strip(option).SequenceEqual(text.Stripped));
        };
    }

    /// <summary>The text starts with the prompt.</summary>
    public static Check RepeatPrompt(Parameters parameters, Parity parity)
    {
        var prompt = parameters.Text("original_prompt");
        return (text, notes) =>
        {
            notes?.Add("start", Excerpt.Clip(text.Text));
            return text.Text.StartsWith(prompt, StringComparison.Ordinal);
        };
    }

    /// <summary>Two different responses parted by one <c>******</c>.</summary>
    public static Check TwoResponses(Parameters parameters, Parity parity) => (text, notes) =>
    {
        const string Separator = "******";
        var count = Occurrences.Count(text.Text, Separator);
        notes?.Add("counted", $"{count} times ******, exactly 1 asked");
        if (count != 1) return false;

        var at = text.Text.IndexOf(Separator, StringComparison.Ordinal);
        var first = PythonText.Strip(text.Text.AsSpan(0, at));
        return !first.SequenceEqual(PythonText.Strip(text.Text.AsSpan(at + Separator.Length)));
    };

    /// <summary>The text ends with a phrase, its case included.</summary>
    /// <remarks>Differs: in the reference a blank at the end counts as part of the text.</remarks>
    public static Check End(Parameters parameters, Parity parity)
    {
        var phrase = parameters.Text("end_phrase");
        return (text, notes) =>
        {
            notes?.Add("end", Excerpt.Near(text.Text, text.Text.Length));
            return parity == Parity.Roll
                ? text.Text.EndsWith(phrase, StringComparison.Ordinal)
                : text.Stripped.EndsWith(PythonText.Strip(phrase));
        };
    }

    /// <summary>The text stands in double quotation marks.</summary>
    /// <remarks>Differs: the reference accepts a single mark, and no blank around the quotation.</remarks>
    public static Check Quotation(Parameters parameters, Parity parity) => (text, notes) =>
    {
        notes?.Add("ends", $"{Excerpt.Clip(text.Text)} ... {Excerpt.Near(text.Text, text.Text.Length)}");
        if (parity == Parity.Roll) return text.Text.StartsWith('"') && text.Text.EndsWith('"');
        return text.Stripped is ['"', .., '"'];
    };

    /// <summary>No comma; the full-width one does not count.</summary>
    public static Check NoCommas(Parameters parameters, Parity parity) => (text, notes) =>
    {
        var at = text.Text.IndexOf(',');
        notes?.Add("comma", Excerpt.Found(text.Text, ",", at));
        return at < 0;
    };
}
