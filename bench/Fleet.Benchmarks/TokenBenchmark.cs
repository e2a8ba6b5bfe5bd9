using System.Diagnostics;
using System.Globalization;
using Fleet.Worker.Tokens;

namespace Fleet.Benchmarks;

/// <summary>How fast ids become text: 1024 rows of 2048 ids whose frequencies thin out as those of text do.</summary>
internal static class TokenBenchmark
{
    private const int Rows = 1024, Tokens = 2048, Rounds = 9, Seed = 21;

    public static int Run(string[] args)
    {
        if (args is not [var path])
        {
            Console.Error.WriteLine("usage: Fleet.Benchmarks tokens FOLDER");
            return 2;
        }

        var watch = Stopwatch.StartNew();
        var tokenizer = TokenizerFolder.Load(path);
        double loaded = watch.Elapsed.TotalMilliseconds;
        var random = new Random(Seed);
        int ordinary = tokenizer.Decoder.Count - tokenizer.NamedIds.Count;
        int[][] rows = [.. Enumerable.Range(0, Rows).Select(_ =>
            Enumerable.Range(0, Tokens).Select(_ => (int)Math.Pow(ordinary - 1, random.NextDouble())).ToArray())];

        double best = double.MaxValue;
        long characters = 0;
        for (int round = 0; round < Rounds; round++)
        {
            watch.Restart();
            characters = 0;
            foreach (int[] row in rows) characters += tokenizer.Decode(row).Length;
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        watch.Restart();
        int encoded = tokenizer.Encode("The first text also makes what encodes.").Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"load {loaded:F0} ms   decode {Rows * Tokens / best / 1e6:F1} M tokens/s ({characters} characters)   first encode {watch.Elapsed.TotalMilliseconds:F0} ms ({encoded} tokens)"));
        return 0;
    }
}
