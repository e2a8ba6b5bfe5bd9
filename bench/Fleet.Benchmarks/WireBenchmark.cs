using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;

namespace Fleet.Benchmarks;

/// <summary>How fast a batch becomes bytes and a batch again, against System.Text.Json on the same batch in the same run.</summary>
internal static class WireBenchmark
{
    private const int Seed = 20;

    public static int Run(string[] args)
    {
        double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 2;
        Console.WriteLine("rows  form            bytes      write us   MB/s     read us    MB/s");
        foreach (int rows in new[] { 256, 1 })
        {
            var batch = Sample(rows);
            foreach (var compression in Enum.GetValues<WireCompression>())
            {
                var options = new WireOptions { Compression = compression };
                byte[] bytes = BatchWriter.Write(batch, options);
                Report(rows, $"arrow {compression}", bytes.Length, seconds,
                    () => BatchWriter.Write(batch, options).Length, () => BatchReader.Read(bytes).Length);
            }

            var plain = Plain(batch);
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(plain);
            Report(rows, "json", json.Length, seconds,
                () => JsonSerializer.SerializeToUtf8Bytes(plain).Length,
                () => JsonSerializer.Deserialize<PlainBatch>(json)!.Id.Length);
        }

        return 0;
    }

    /// <summary>Response lengths around 2200 tokens and ids that thin out as those of text do: 581,000 ids in 256 rows.</summary>
    private static DataProto Sample(int rows)
    {
        var random = new Random(Seed);
        var responses = new int[rows][];
        for (int row = 0; row < rows; row++)
        {
            responses[row] = new int[rows == 1 ? 500 : random.Next(200, 4340)];
            for (int i = 0; i < responses[row].Length; i++) responses[row][i] = (int)Math.Pow(151_643, random.NextDouble());
        }

        string[] ids = [.. Enumerable.Range(0, rows).Select(row => $"row-{row}")];
        return DataProto.Of(
            [KeyValuePair.Create(BatchKeys.Responses, (BatchColumn)TokenColumn.Of(responses, 8192, PadSide.Right, 151_643))],
            [
                KeyValuePair.Create(BatchKeys.Id, ValueColumn.OfText(ids)),
                KeyValuePair.Create(BatchKeys.Domain, ValueColumn.OfText([.. ids.Select(_ => "math_rule")])),
                KeyValuePair.Create(BatchKeys.GroundTruth, ValueColumn.OfText([.. ids.Select(id => $"\\frac{{{id}}}{{2}}")])),
            ],
            MetaInfo.Empty.With(BatchKeys.GlobalStep, 17));
    }

    private static PlainBatch Plain(DataProto batch)
    {
        var responses = (TokenColumn)batch.Batch[BatchKeys.Responses];
        string[] Texts(string key) => [.. Enumerable.Range(0, batch.Length).Select(row => batch.NonTensorBatch[key].Text(row)!)];
        return new PlainBatch(
            [.. Enumerable.Range(0, batch.Length).Select(row => responses.Row(row).ToArray())],
            Texts(BatchKeys.Id), Texts(BatchKeys.Domain), Texts(BatchKeys.GroundTruth), 17);
    }

    private static void Report(int rows, string form, int bytes, double seconds, Func<int> write, Func<int> read)
    {
        double writing = Typical(write, seconds), reading = Typical(read, seconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rows,4}  {form,-14} {bytes,9} {writing,12:F1} {bytes / writing,7:F0} {reading,12:F1} {bytes / reading,7:F0}"));
    }

    /// <summary>Microseconds of one call: after a warm-up, what a tenth of the bundles of calls stayed below, for machines are busy.</summary>
    private static double Typical(Func<int> call, double seconds)
    {
        var samples = new List<double>();
        int bundle = 1;
        var total = Stopwatch.StartNew();
        while (total.Elapsed.TotalSeconds < seconds)
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < bundle; i++) call();
            double microseconds = watch.Elapsed.TotalMicroseconds;
            if (total.Elapsed.TotalSeconds > seconds / 3) samples.Add(microseconds / bundle);
            if (microseconds < 1000) bundle *= 2;
        }

        samples.Sort();
        return samples[samples.Count / 10];
    }

    private sealed record PlainBatch(int[][] Responses, string[] Id, string[] Domain, string[] GroundTruth, int GlobalStep);
}
