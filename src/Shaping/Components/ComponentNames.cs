namespace Fleet.Shaping.Components;

/// <summary>The components that are computed here; every other name is looked up in the row's own components.</summary>
public static class ComponentNames
{
    /// <summary>The row's own reward.</summary>
    public const string Reward = "reward";

    /// <summary>The row's own score.</summary>
    public const string Score = "score";

    /// <summary><see cref="OverlongPenalty"/>.</summary>
    public const string Overlong = "overlong";

    /// <summary><see cref="CosineLength"/>.</summary>
    public const string CosineLength = "cosine_length";

    /// <summary><see cref="ShortLengthPenalty"/>.</summary>
    public const string ShortLength = "short_length";

    /// <summary>Share of repeated token n-grams, see <see cref="Components.TokenRepetition"/>.</summary>
    public const string TokenRepetition = "token_repetition";

    /// <summary>Best of the group, see <see cref="Groups.GroupRewards.BestOfN"/>.</summary>
    public const string BestOfN = "best_of_n";

    /// <summary>Rank in the group, see <see cref="Groups.GroupRewards.Ranking"/>.</summary>
    public const string Ranking = "ranking";

    /// <summary>Wins less losses against the others of the group, see <see cref="Groups.GroupRewards.Pairwise"/>.</summary>
    public const string Pairwise = "pairwise";

    /// <summary>All names that are computed here, sorted.</summary>
    public static IReadOnlyList<string> All { get; } = [BestOfN, CosineLength, Overlong, Pairwise, Ranking, Reward, Score, ShortLength, TokenRepetition];

    /// <summary>Whether a component compares the rows of a group with each other.</summary>
    internal static bool CompareGroups(string name) => name is BestOfN or Ranking or Pairwise;
}
