using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Official;

/// <summary>How a text is laid out.</summary>
internal static class FormatTypes
{
    /// <summary>At least N placeholders in square brackets.</summary>
    public static Check Placeholders(Parameters parameters)
    {
        var asked = parameters.Number("num_placeholders");
        return (text, notes) =>
        {
            var count = MarkedSpans.CountShortest(text.Text, "[", "]");
            notes?.Add("counted", $"{count} placeholders, at least {asked} asked");
            return count >= asked;
        };
    }

    /// <summary>Exactly N bullet points.</summary>
    public static Check Bullets(Parameters parameters)
    {
        var asked = parameters.Number("num_bullets");
        return (text, notes) =>
        {
            var count = Matching.Bullets.Count(text.Text);
            notes?.Add("counted", $"{count} bullet points, exactly {asked} asked");
            return count == asked;
        };
    }

    /// <summary>At least N highlights between stars.</summary>
    public static Check Highlights(Parameters parameters)
    {
        var asked = parameters.Number("num_highlights");
        return (text, notes) =>
        {
            var count = MarkedSpans.CountHighlights(text.Text);
            notes?.Add("counted", $"{count} highlights, at least {asked} asked");
            return count >= asked;
        };
    }

    /// <summary>At least N sections, each with a heading and a number.</summary>
    public static Check Sections(Parameters parameters)
    {
        var splitter = parameters.Text("section_spliter");
        var asked = parameters.Number("num_sections");
        var pattern = new SectionPattern(splitter);
        return (text, notes) =>
        {
            var count = pattern.Count(text.Text);
            notes?.Add("counted", $"{count} headings of \"{Excerpt.Clip(splitter)}\" and a number, at least {asked} asked");
            return count >= asked;
        };
    }

    /// <summary>A title in double angle brackets that is not blank.</summary>
    public static Check Title(Parameters parameters) => (text, notes) =>
    {
        foreach (var line in text.Text.AsSpan().Split('\n'))
        {
            if (TitleIn(text.Text.AsSpan(line)) is not { Length: > 0 } title) continue;
            notes?.Add("title", Excerpt.Clip(title));
            return true;
        }

        notes?.Add("title", "none in <<>>");
        return false;
    };

    /// <summary>The text is JSON, within a code fence or not.</summary>
    public static Check Json(Parameters parameters) => (text, notes) =>
    {
        var json = text.Stripped;
        foreach (var fence in (ReadOnlySpan<string>)["```json", "```Json", "```JSON", "```"])
        {
            if (json.StartsWith(fence)) json = json[fence.Length..];
        }

        if (json.EndsWith("```")) json = json[..^3];
        notes?.Add("parsed", "the text without its code fence as JSON");
        return PythonJson.IsValid(PythonText.Strip(json));
    };

    // <<[^\n]+>> is greedy: from the first << to the last >> of the line, at least one character between.
    private static string TitleIn(ReadOnlySpan<char> line)
    {
        var start = line.IndexOf("<<");
        var end = line.LastIndexOf(">>");
        if (start < 0 || end < start + 3) return "";
        return PythonText.Strip(line[start..(end + 2)].TrimStart('<').TrimEnd('>')).ToString();
    }
}
