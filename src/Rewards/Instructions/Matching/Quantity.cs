namespace Fleet.Rewards.Instructions.Matching;

/// <summary>Compares a count with the one that was asked for, in the words of the two kinds of ground truth.</summary>
internal static class Quantity
{
    /// <summary>ROLL's quantifiers: <c>at least</c>, <c>at most</c>, <c>around</c>; any other never holds.</summary>
    /// <param name="count">What was counted.</param>
    /// <param name="asked">What was asked for.</param>
    /// <param name="quantifier">One of the three.</param>
    /// <param name="tolerance">How far <c>around</c> may be off.</param>
    public static bool Holds(int count, double asked, string quantifier, double tolerance) => quantifier switch
    {
        "at least" => count >= asked,
        "at most" => count <= asked,
        "around" => Abs(count - asked) <= tolerance,
        _ => false,
    };

    /// <summary>The official relations: <c>less than</c> and <c>at least</c>.</summary>
    public static bool Holds(int count, double asked, string relation) => relation == "less than" ? count < asked : count >= asked;

    /// <summary>Whether this is an official relation.</summary>
    public static bool IsRelation(string relation) => relation is "less than" or "at least";
}
