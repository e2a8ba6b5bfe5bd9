namespace Fleet.Rewards.Instructions.Sentences;
internal static class SentenceSplitter
{
    public static int Count(string text) => 0;
}
