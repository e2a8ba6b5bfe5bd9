using System.Globalization;

namespace Fleet.Rewards.Judge;

/// <summary>What a judge is asked: the text with its placeholders, and the form of the verdict that it asks for.</summary>
/// <param name="Name">The name in the configuration.</param>
/// <param name="Body">The user message, with <c>{question}</c>, <c>{response}</c>, <c>{reference}</c>, <c>{messages}</c>, <c>{opponent}</c>, <c>{first}</c> and <c>{second}</c> (a comparison in either order), <c>{criteria}</c>, <c>{form}</c>.</param>
/// <param name="Parser">The form of the verdict.</param>
public sealed record JudgeTemplate(string Name, string Body, ParserSettings Parser)
{
    /// <summary>The system message, without placeholders; null for none.</summary>
    public string? System { get; init; }

    /// <summary>Whether the text uses this placeholder.</summary>
    public bool Uses(string placeholder) => Body.Contains('{' + placeholder + '}', StringComparison.Ordinal);

    /// <summary>Reads a template file: header lines <c>key: value</c>, a line <c>---</c>, and the body.</summary>
    /// <remarks>
    /// Header keys: <c>parser</c> (default yes_no), <c>scale</c> (<c>0 10</c>), <c>labels</c> and <c>criteria</c>
    /// (<c>name=number, ...</c>), <c>system</c> (one line). A file without the line is all body.
    /// </remarks>
    /// <exception cref="FormatException">The header has an unknown key or value, or the body never shows the response.</exception>
    public static JudgeTemplate Parse(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var end = Array.FindIndex(lines, line => line.Trim() == "---");
        var template = new JudgeTemplate(name, string.Join('\n', lines.Skip(end + 1)).Trim(), new ParserSettings(VerdictForm.YesNo));
        foreach (var line in lines.Take(Max(end, 0)).Where(line => line.Trim().Length > 0)) template = template.WithHeader(line);
        if (!template.Uses("response") && !(template.Uses("first") && template.Uses("second"))) throw new FormatException($"Template '{name}' never shows the response: put {{response}} where it belongs.");
        template.Parser.Create();
        return template;
    }

    private JudgeTemplate WithHeader(string line)
    {
        var colon = line.IndexOf(':');
        if (colon < 0) throw new FormatException($"Template '{Name}' has the header line '{line}'; expected is key: value.");
        var value = line[(colon + 1)..].Trim();
        return line[..colon].Trim() switch
        {
            "parser" => this with { Parser = Parser with { Form = ParserSettings.FormOf(value) ?? throw new FormatException($"Template '{Name}' asks for the unknown parser '{value}'.") } },
            "scale" => this with { Parser = WithScale(value) },
            "labels" => this with { Parser = Parser with { Labels = ParserSettings.Numbers("labels", value) } },
            "criteria" => this with { Parser = Parser with { Criteria = ParserSettings.Numbers("criteria", value) } },
            "system" => this with { System = value },
            var key => throw new FormatException($"Template '{Name}' has the unknown header '{key}'; known are parser, scale, labels, criteria, system."),
        };
    }

    private ParserSettings WithScale(string value)
    {
        var ends = value.Split([' ', ',', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        if (ends.Length == 2 && double.TryParse(ends[0], CultureInfo.InvariantCulture, out var lowest) && double.TryParse(ends[1], CultureInfo.InvariantCulture, out var highest))
            return Parser with { Lowest = lowest, Highest = highest };
        throw new FormatException($"Template '{Name}' has the scale '{value}'; expected are two numbers, the worst and the best score.");
    }
}
