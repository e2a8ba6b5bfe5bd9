using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Worker.Models;
using Fleet.Worker.Models.Generation;

namespace Fleet.Benchmarks;

/// <summary>Tokens a second of a local model: many prompts in one batch against one prompt after the other, in the same run.</summary>
internal static class ModelBenchmark
{
    private const int Prompts = 16;
    private const int PromptTokens = 64;
    private const int NewTokens = 48;

    // The tests of local models read it too.
    private const string DeviceVariable = "FLEET_DEVICE";

    /// <summary>Runs it, on the processor or on the device that FLEET_DEVICE names.</summary>
    /// <param name="args">A model's folder; without one, a model of 60 million random weights is made.</param>
    public static int Run(string[] args)
    {
        var made = args.Length > 0 ? null : Directory.CreateTempSubdirectory("fleet-model-").FullName;
        try
        {
            if (made is not null) RandomModel.Write(made);
            Measure(made ?? args[0]);
            return 0;
        }
        finally
        {
            if (made is not null) Directory.Delete(made, recursive: true);
        }
    }

    private static void Measure(string folder)
    {
        var device = Environment.GetEnvironmentVariable(DeviceVariable) is { Length: > 0 } named ? named : "cpu";
        using var model = LocalModel.Load(folder, new LocalModelOptions { BatchSize = Prompts, Device = device });
        var random = new Random(1);
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, Prompts).Select(_ => new GenerationRequest([.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(model.Config.Vocabulary))]) { MaxNewTokens = NewTokens }),
        ];
        model.Generate([requests[0] with { MaxNewTokens = 4 }], CancellationToken.None);

        var (oneByOne, single) = Timed(() => [.. requests.Select(request => model.Generate([request], CancellationToken.None)[0])]);
        var (together, batch) = Timed(() => model.Generate(requests, CancellationToken.None));
        if (!single.Zip(batch).All(pair => pair.First.Tokens.SequenceEqual(pair.Second.Tokens))) Console.WriteLine("note: some answers differ between the two, since sums are taken in another order");

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one by one      {oneByOne,8:0} tokens/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"batch of {Prompts,-6} {together,8:0} tokens/s   {together / oneByOne:0.0} times"));
    }

    private static (double Rate, IReadOnlyList<Generated> Answers) Timed(Func<IReadOnlyList<Generated>> run)
    {
        var start = TimeProvider.System.GetTimestamp();
        var answers = run();
        return (answers.Sum(answer => answer.Tokens.Count) / TimeProvider.System.GetElapsedTime(start).TotalSeconds, answers);
    }

    /// <summary>A model folder with random weights, large enough that reading them is the work.</summary>
    private static class RandomModel
    {
        private const int Hidden = 768;
        private const int Wide = 2048;
        private const int Layers = 8;
        private const int Heads = 12;
        private const int KeyHeads = 4;
        private const int Vocabulary = 8192;

        public static void Write(string folder)
        {
            File.WriteAllText(Path.Combine(folder, "config.json"), new JsonObject
            {
                ["model_type"] = "llama",
                ["architectures"] = new JsonArray("LlamaForCausalLM"),
                ["hidden_size"] = Hidden,
                ["intermediate_size"] = Wide,
                ["num_hidden_layers"] = Layers,
                ["num_attention_heads"] = Heads,
                ["num_key_value_heads"] = KeyHeads,
                ["vocab_size"] = Vocabulary,
                ["rms_norm_eps"] = 1e-6,
                ["tie_word_embeddings"] = true,
                ["max_position_embeddings"] = 4096,
            }.ToJsonString());

            const int Width = Hidden / Heads;
            List<(string Name, long[] Shape)> tensors = [("model.embed_tokens.weight", [Vocabulary, Hidden]), ("model.norm.weight", [Hidden])];
            for (var i = 0; i < Layers; i++)
            {
                var prefix = $"model.layers.{i}.";
                tensors.AddRange(
                [
                    (prefix + "input_layernorm.weight", [Hidden]), (prefix + "post_attention_layernorm.weight", [Hidden]),
                    (prefix + "self_attn.q_proj.weight", [Hidden, Hidden]), (prefix + "self_attn.k_proj.weight", [KeyHeads * Width, Hidden]),
                    (prefix + "self_attn.v_proj.weight", [KeyHeads * Width, Hidden]), (prefix + "self_attn.o_proj.weight", [Hidden, Hidden]),
                    (prefix + "mlp.gate_proj.weight", [Wide, Hidden]), (prefix + "mlp.up_proj.weight", [Wide, Hidden]), (prefix + "mlp.down_proj.weight", [Hidden, Wide]),
                ]);
            }

            var header = new JsonObject();
            long at = 0;
            foreach (var (name, shape) in tensors)
            {
                var bytes = shape.Aggregate(4L, (product, axis) => product * axis);
                header[name] = new JsonObject { ["dtype"] = "F32", ["shape"] = JsonSerializer.SerializeToNode(shape), ["data_offsets"] = new JsonArray(at, at + bytes) };
                at += bytes;
            }

            using var file = new BinaryWriter(File.Create(Path.Combine(folder, "model.safetensors")));
            var json = Encoding.UTF8.GetBytes(header.ToJsonString());
            file.Write((long)json.Length);
            file.Write(json);
            var random = new Random(1);
            var values = new float[4096];
            foreach (var (name, shape) in tensors)
            {
                var isNorm = name.EndsWith("norm.weight", StringComparison.Ordinal);
                for (var left = shape.Aggregate(1L, (product, axis) => product * axis); left > 0; left -= values.Length)
                {
                    for (var i = 0; i < values.Length; i++) values[i] = isNorm ? 1 : (float)((random.NextDouble() - 0.5) * 0.07);
                    file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan(0, (int)Math.Min(left, values.Length))));
                }
            }
        }
    }
}
