using System.Text.RegularExpressions;
using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Official;

/// <summary>What a text must say, and where it must begin and end.</summary>
internal static class ContentTypes
{
    private static readonly string[] Answers = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

    /// <summary>A postscript, whatever its case; blanks within <c>P.S.</c> and <c>P.P.S</c> are allowed.</summary>
    public static Check Postscript(Parameters parameters)
    {
        var marker = parameters.Text("postscript_marker");
        var lower = PythonCase.Lower(marker);
        var pattern = PlainPattern.Read(lower, ignoreCase: false)
            ?? KeywordPattern.Expression(lower, lower, RegexOptions.None)
            ?? PlainPattern.Literal(lower, ignoreCase: false);
        return (text, notes) =>
        {
            var at = marker switch
            {
                "P.P.S" => FindSpaced(text.Lower, "p.", "p.", "s"),
                "P.S." => FindSpaced(text.Lower, "p.", "s."),
                _ => pattern.Find(text.Lower, 0).Start,
            };
            notes?.Add("postscript", Excerpt.Found(text.Lower, marker, at));
            return at >= 0;
        };
    }

    /// <summary>One of the three answers to a question of yes, no or maybe.</summary>
    public static Check ConstrainedResponse(Parameters parameters) => (text, notes) =>
    {
        notes?.Add("options", string.Join(" | ", Answers));
        return Answers.Any(answer => text.Text.Contains(answer, StringComparison.Ordinal));
    };

    /// <summary>Two different responses parted by <c>******</c>, which may also stand at the ends.</summary>
    public static Check TwoResponses(Parameters parameters) => (text, notes) =>
    {
        const string Separator = "******";
        var pieces = Occurrences.Count(text.Text, Separator) + 1;
        var index = 0;
        var count = 0;
        var differ = false;
        ReadOnlySpan<char> first = [];
        foreach (var range in text.Text.AsSpan().Split(Separator))
        {
            var piece = PythonText.Strip(text.Text.AsSpan(range));
            var isEnd = index == 0 || index == pieces - 1;
            index++;
            if (piece.Length == 0)
            {
                if (!isEnd) return false;
            }
            else if (++count == 1) first = piece;
            else differ = !piece.SequenceEqual(first);
        }

        notes?.Add("counted", $"{count} responses parted by ******, 2 different ones asked");
        return count == 2 && differ;
    };

    /// <summary>The text starts with the prompt, whatever its case.</summary>
    public static Check RepeatPrompt(Parameters parameters)
    {
        var prompt = PythonCase.Lower(PythonText.Strip(parameters.Text("prompt_to_repeat")).ToString());
        return (text, notes) =>
        {
            notes?.Add("start", Excerpt.Clip(text.Text));
            return PythonText.Strip(text.Lower).StartsWith(prompt);
        };
    }

    /// <summary>The text ends with a phrase, whatever its case; quotation marks behind it are ignored.</summary>
    public static Check End(Parameters parameters)
    {
        var phrase = PythonCase.Lower(PythonText.Strip(parameters.Text("end_phrase")).ToString());
        return (text, notes) =>
        {
            notes?.Add("end", Excerpt.Near(text.Text, text.Text.Length));
            return PythonCase.Lower(text.Stripped.Trim('"').ToString()).EndsWith(phrase, StringComparison.Ordinal);
        };
    }

    /// <summary>The text stands in double quotation marks.</summary>
    public static Check Quotation(Parameters parameters) => (text, notes) =>
    {
        notes?.Add("ends", $"{Excerpt.Clip(text.Text)} ... {Excerpt.Near(text.Text, text.Text.Length)}");
        return text.Stripped is ['"', .., '"'];
    };

    /// <summary>No comma; the full-width one does not count.</summary>
    public static Check NoComma(Parameters parameters) => (text, notes) =>
    {
        var at = text.Text.IndexOf(',');
        notes?.Add("comma", Excerpt.Found(text.Text, ",", at));
        return at < 0;
    };

    // The parts one after the other, with at most one blank between two of them.
    private static int FindSpaced(string text, params ReadOnlySpan<string> parts)
    {
        for (var start = text.IndexOf(parts[0], StringComparison.Ordinal); start >= 0; start = text.IndexOf(parts[0], start + 1, StringComparison.Ordinal))
        {
            var at = start + parts[0].Length;
            var found = true;
            foreach (var part in parts[1..])
            {
                if (at < text.Length && PythonText.IsWhiteSpace(text[at])) at++;
                found = text.AsSpan(at).StartsWith(part);
                if (!found) break;
                at += part.Length;
            }

            if (found) return start;
        }

        return -1;
    }
}
