namespace Fleet.Rewards.Math.Latex;

/// <summary>Words behind a number that say what is counted.</summary>
internal static class Labels
{
    /// <summary>Whether the words only name what the number counts: no other number in them, and no word that takes the number back.</summary>
    public static bool IsLabel(string words)
    {
        foreach (var word in words.Split([' ', ',', '(', ')', '~', '.', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.AsSpan().ContainsAnyExceptInRange('0', '9') || Takes(word)) return false;
        }

        return true;
    }

    private static bool Takes(string word) => word.ToLowerInvariant() is "or" or "not" or "either" or "neither" or "maybe" or "perhaps" or "possibly" or "probably" or "wrong" or "incorrect" or "but" or "unless"
        or "instead" or "never" or "except" or "otherwise" or "versus" or "vs" or "to" or "through" or "until" or "between" or "或" or "或者" or "不";
}
