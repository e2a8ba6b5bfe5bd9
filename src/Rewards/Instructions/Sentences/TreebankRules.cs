using System.Buffers;
using System.Text;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>One substitution over a whole sentence.</summary>
/// <param name="triggers">The rule changes nothing in a text that has none of these characters.</param>
/// <param name="apply">Writes the changed text.</param>
internal sealed class TreebankRule(string triggers, TreebankRule.Substitution apply)
{
    private readonly SearchValues<char> _triggers = SearchValues.Create(triggers);

    /// <summary>Writes a text with everything that the rule changes.</summary>
    public delegate void Substitution(ReadOnlySpan<char> text, StringBuilder to);

    /// <summary>Writes the changed text, or says that nothing changes and writes nothing.</summary>
    public bool TryApply(ReadOnlySpan<char> text, StringBuilder to)
    {
        if (!text.ContainsAny(_triggers)) return false;
        apply(text, to);
        return true;
    }
}

/// <summary>The substitutions that part words from punctuation, in the order in which they apply.</summary>
internal static class TreebankRules
{
    private static readonly SearchValues<char> ClosersAfterPeriod = SearchValues.Create("])}>\"'»”’ ");

    /// <summary>Quotation marks that open, and runs of back quotes, stand alone.</summary>
    public static readonly TreebankRule OpeningMarks = new("«“‘„`", (text, to) => Space(text, to, "«“‘„`", runs: "`"));

    /// <summary>A straight quotation mark at the start opens.</summary>
    public static readonly TreebankRule FirstQuote = new("\"", (text, to) =>
    {
        if (text.StartsWith('"')) to.Append("``").Append(text[1..]);
        else to.Append(text);
    });

    /// <summary>Two back quotes stand alone.</summary>
    public static readonly TreebankRule Backticks = new("`", (text, to) => Replace(text, to, "``", " `` "));

    /// <summary>A quotation mark after a blank or an opening bracket opens.</summary>
    public static readonly TreebankRule OpeningQuotes = new("\"'", (text, to) =>
    {
        var i = 0;
        while (i < text.Length)
        {
            to.Append(text[i]);
            var rest = text[(i + 1)..];
            var quote = text[i] is not (' ' or '(' or '[' or '{' or '<') ? 0 : rest.StartsWith('"') ? 1 : rest.StartsWith("''") ? 2 : 0;
            if (quote > 0) to.Append(" `` ");
            i += 1 + quote;
        }
    });

    /// <summary>An apostrophe before a single letter stands alone, unless the letter is one of the endings 'm 't 's 'd 'n.</summary>
    public static readonly TreebankRule QuoteBeforeLetter = new("'", (text, to) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            to.Append(text[i]);
            if (text[i] != '\'' || i + 1 >= text.Length || !PythonWord.IsAt(text, i + 1)) continue;
            var end = i + (char.IsHighSurrogate(text[i + 1]) ? 3 : 2);
            if (!PythonWord.IsAfter(text, end) && !"mtsdnMTSDN\u017f".Contains(text[i + 1])) to.Append(' ');
        }
    });

    /// <summary>The period at the end, closing marks after it or not, stands alone.</summary>
    public static readonly TreebankRule LastPeriod = new(".", (text, to) =>
    {
        var period = text.LastIndexOf('.');
        if (period < 1 || text[period - 1] == '.')
        {
            to.Append(text);
            return;
        }

        var rest = text[(period + 1)..];
        var closers = rest.IndexOfAnyExcept(ClosersAfterPeriod);
        if (closers < 0) closers = rest.Length;
        if (!PythonText.IsBlank(rest[closers..])) to.Append(text);
        else to.Append(text[..period]).Append(" . ").Append(rest[..closers]).Append(' ');
    });

    /// <summary>A colon or comma stands alone unless a digit follows.</summary>
    public static readonly TreebankRule ColonsAndCommas = new(":,", (text, to) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not (':' or ',') || i + 1 >= text.Length || PythonWord.IsDigitAt(text, i + 1))
            {
                to.Append(text[i]);
                continue;
            }

            // The character after it is taken along: of two commas only the first is parted.
            to.Append(' ').Append(text[i]).Append(' ').Append(text[++i]);
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) to.Append(text[++i]);
        }
    });

    /// <summary>A colon or comma at the end stands alone.</summary>
    public static readonly TreebankRule LastColonOrComma = new(":,", (text, to) =>
    {
        var end = text.EndsWith('\n') ? text.Length - 1 : text.Length;
        if (end > 0 && text[end - 1] is ':' or ',') to.Append(text[..(end - 1)]).Append(' ').Append(text[end - 1]).Append(' ').Append(text[end..]);
        else to.Append(text);
    });

    /// <summary>Two periods or more stand alone together.</summary>
    public static readonly TreebankRule Periods = new(".", (text, to) =>
    {
        var i = 0;
        while (i < text.Length)
        {
            var run = text[i] == '.' ? RunOf(text, i) : 0;
            if (run >= 2) to.Append(' ').Append('.', run).Append(' ');
            else to.Append(text[i]);
            i += Max(run, 1);
        }
    });

    /// <summary>Semicolons and signs stand alone.</summary>
    public static readonly TreebankRule Signs = new(";@#$%&", (text, to) => Space(text, to, ";@#$%&"));

    /// <summary>Question and exclamation marks stand alone.</summary>
    public static readonly TreebankRule EndMarks = new("?!", (text, to) => Space(text, to, "?!"));

    /// <summary>An apostrophe before a blank stands alone.</summary>
    public static readonly TreebankRule QuoteBeforeBlank = new("'", (text, to) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            to.Append(text[i]);
            if (text[i] == '\'' || !text[(i + 1)..].StartsWith("' ")) continue;
            to.Append(" ' ");
            i += 2;
        }
    });

    /// <summary>Stars stand alone.</summary>
    public static readonly TreebankRule Stars = new("*", (text, to) => Space(text, to, "*"));

    /// <summary>Brackets stand alone.</summary>
    public static readonly TreebankRule Brackets = new("[](){}<>", (text, to) => Space(text, to, "[](){}<>"));

    /// <summary>Two dashes stand alone.</summary>
    public static readonly TreebankRule Dashes = new("-", (text, to) => Replace(text, to, "--", " -- "));

    /// <summary>Quotation marks that close stand alone.</summary>
    public static readonly TreebankRule ClosingMarks = new("»”’", (text, to) => Space(text, to, "»”’"));

    /// <summary>What is left of straight quotation marks closes.</summary>
    public static readonly TreebankRule ClosingQuotes = new("\"'", (text, to) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            var length = text[i] == '"' ? 1 : text[i..].StartsWith("''") ? 2 : 0;
            if (length == 0) to.Append(text[i]);
            else to.Append(" '' ");
            if (length == 2) i++;
        }
    });

    /// <summary>The endings 's 'm 'd and a last apostrophe part from their word.</summary>
    public static readonly TreebankRule ShortEndings = new("'", (text, to) => PartEndings(text, to, static rest =>
        rest.Length > 2 && rest[0] == '\'' && rest[1] is 's' or 'S' or 'm' or 'M' or 'd' or 'D' && rest[2] == ' ' ? 2 : rest.StartsWith("' ") ? 1 : 0));

    /// <summary>The endings 'll 're 've n't part from their word.</summary>
    public static readonly TreebankRule LongEndings = new("'", (text, to) => PartEndings(text, to, static rest =>
        rest.Length > 3 && rest[3] == ' ' && rest[..3] is "'ll" or "'LL" or "'re" or "'RE" or "'ve" or "'VE" or "n't" or "N'T" ? 3 : 0));

    /// <summary>Words such as cannot and gimme part in two.</summary>
    public static readonly TreebankRule Contractions = new("cdglmwCDGLMW", TreebankContractions.PartWords);

    /// <summary>'tis and 'twas part in two.</summary>
    public static readonly TreebankRule OldContractions = new("'", TreebankContractions.PartTis);

    private delegate int Ending(ReadOnlySpan<char> rest);

    // ([^' ])(ending) becomes "\1 \2 ".
    private static void PartEndings(ReadOnlySpan<char> text, StringBuilder to, Ending ending)
    {
        for (var i = 0; i < text.Length; i++)
        {
            to.Append(text[i]);
            var length = text[i] is '\'' or ' ' ? 0 : ending(text[(i + 1)..]);
            if (length == 0) continue;
            to.Append(' ').Append(text.Slice(i + 1, length)).Append(' ');
            i += length + 1;
        }
    }

    private static void Space(ReadOnlySpan<char> text, StringBuilder to, string alone, string runs = "")
    {
        while (true)
        {
            var at = text.IndexOfAny(alone);
            if (at < 0) break;
            var run = runs.Contains(text[at]) ? RunOf(text, at) : 1;
            to.Append(text[..at]).Append(' ').Append(text.Slice(at, run)).Append(' ');
            text = text[(at + run)..];
        }

        to.Append(text);
    }

    private static void Replace(ReadOnlySpan<char> text, StringBuilder to, string what, string with)
    {
        while (true)
        {
            var at = text.IndexOf(what);
            if (at < 0) break;
            to.Append(text[..at]).Append(with);
            text = text[(at + what.Length)..];
        }

        to.Append(text);
    }

    private static int RunOf(ReadOnlySpan<char> text, int at) =>
        text[at..].IndexOfAnyExcept(text[at]) is >= 0 and var end ? end : text.Length - at;
}
