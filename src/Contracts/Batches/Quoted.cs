namespace Fleet.Contracts.Batches;

/// <summary>Foreign text inside an error sentence: quoted and cut to 80 characters.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    public static string Clip(string text) => text.Length <= Longest ? $"'{text}'" : $"'{text[..Longest]}...'";

    public static string List(IEnumerable<string> keys)
    {
        var quoted = keys.Take(20).Select(Clip).ToList();
        return quoted.Count == 0 ? "nothing" : string.Join(", ", quoted);
    }
}
