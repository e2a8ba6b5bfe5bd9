namespace Fleet.Rewards.Choice;

/// <summary>The boxes of a choice answer: <c>\boxed{...}</c> with something in it, read up to the first closing brace.</summary>
internal static class ChoiceBox
{
    private const string Open = @"\boxed{";

    /// <summary>Finds the last box.</summary>
    /// <param name="text">The judged part of a response.</param>
    /// <param name="content">What stands in the box; <c>\boxed{\boxed{C}}</c> holds <c>\boxed{C</c>.</param>
    /// <returns>False when there is no box: none opened, none closed, or all of them empty.</returns>
    /// <remarks>Source: alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards, the pattern in each of the three choice workers.</remarks>
    public static bool TryLast(ReadOnlySpan<char> text, out ReadOnlySpan<char> content)
    {
        content = default;
        var found = false;
        var at = 0;
        while (true)
        {
            var open = text[at..].IndexOf(Open);
            if (open < 0) return found;

            var start = at + open + Open.Length;
            var length = text[start..].IndexOf('}');
            if (length < 0) return found;

            // An empty box is none; the search goes on right behind its opening, as a regular expression would.
            at = start;
            if (length == 0) continue;
            content = text.Slice(start, length);
            found = true;
            at = start + length + 1;
        }
    }
}
