using System.Collections;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Worker.Models;
using Fleet.Worker.Models.Generation;
using Fleet.Worker.Models.Native;
using Fleet.Worker.Models.Network;
using Fleet.Worker.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Fleet.Models.Tests;

public class GenerationTests
{
    private static IReadOnlyList<Generated> Run(LocalModel model, params GenerationRequest[] requests) => model.Generate(requests, CancellationToken.None);

    public static TheoryData<string> Causal => [.. TinyModels.Causal];

    [Theory]
    [MemberData(nameof(Causal))]
    public void The_likeliest_tokens_are_those_of_an_independent_implementation(string name)
    {
        using var model = TinyModels.Load(name);
        var golden = TinyModels.Golden(name);
        var answers = Run(model, [.. golden.Rows.Select(row => new GenerationRequest(row) { MaxNewTokens = 12 })]);
        foreach (var (answer, expected) in answers.Zip(golden.Greedy!))
        {
            var own = expected.TakeWhile(token => !model.Config.EndIds.Contains(token)).ToList();
            Assert.Equal(own, answer.Tokens);
            Assert.Equal(own.Count < expected.Length ? GenerationEnd.Stop : GenerationEnd.Length, answer.End);
        }
    }

    [Theory]
    [MemberData(nameof(Causal))]
    public void Decoding_with_the_cache_is_recomputing_everything(string name)
    {
        using var model = TinyModels.Load(name);
        foreach (var row in TinyModels.Golden(name).Rows)
        {
            List<int> ids = [.. row];
            var answer = Run(model, new GenerationRequest(row) { MaxNewTokens = 40, TopLogProbabilities = 3 })[0];
            foreach (var step in answer.Steps)
            {
                var logits = model.LastOutputs([ids], CancellationToken.None)[0];
                var sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
                Assert.Equal(Array.IndexOf(logits, logits.Max()), step.Token);
                Assert.Equal(logits[step.Token] - sum, step.LogProbability, 3e-4);
                Assert.Equal(3, step.Likeliest.Count);
                ids.Add(step.Token);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Causal))]
    public void A_batch_answers_each_prompt_as_if_it_were_alone(string name)
    {
        using var model = TinyModels.Load(name, TinyModels.Options with { BatchSize = 64 });
        GenerationRequest[] requests =
        [
            .. TinyModels.Golden(name).Rows.SelectMany((row, i) => new[]
            {
                new GenerationRequest(row) { MaxNewTokens = 5 + (9 * i) },
                new GenerationRequest(row) { MaxNewTokens = 30 - (3 * i), Temperature = 0.9, TopP = 0.9, TopK = 40, Seed = i },
                new GenerationRequest(row) { MaxNewTokens = 20, Temperature = 1.3, Seed = -i },
            }),
        ];
        foreach (var (together, request) in Run(model, requests).Zip(requests)) Assert.Equal(Run(model, request)[0].Tokens, together.Tokens);
    }

    [Fact]
    public void The_same_seed_draws_the_same_and_another_draws_another()
    {
        using var model = TinyModels.Load("qwen3");
        var request = new GenerationRequest([1, 2, 3]) { MaxNewTokens = 30, Temperature = 1 };
        var first = Run(model, request, request with { Seed = 1 });
        Assert.Equal(first[0].Tokens, Run(model, request)[0].Tokens);
        Assert.NotEqual(first[0].Tokens, first[1].Tokens);
    }

    [Fact]
    public void A_stop_text_ends_the_answer_before_itself()
    {
        using var model = TinyModels.Load("qwen2");
        var request = new GenerationRequest([84, 104, 101]) { MaxNewTokens = 30, Temperature = 1, Seed = 5 };
        var whole = Run(model, request)[0];
        var stop = whole.Text[6..9];
        var cut = Run(model, request with { Stop = ["never", stop] })[0];
        Assert.Equal(whole.Text[..whole.Text.IndexOf(stop, StringComparison.Ordinal)], cut.Text);
        Assert.Equal(GenerationEnd.Stop, cut.End);
    }

    [Theory]
    [MemberData(nameof(Causal))]
    public void Prompts_that_are_read_in_pieces_are_continued_as_if_they_were_read_at_once(string name)
    {
        TinyModels.Require();
        TorchLibrary.Require();
        var device = TorchWords.Device(TinyModels.Device);
        using var folder = WeightFolder.Open(TinyModels.Folder(name));
        using var quiet = no_grad();
        using var body = new Transformer(ModelConfig.Read(folder.Path), folder, ScalarType.Float32, device);
        using var head = new ModelHead(body.Config, folder, body);
        List<GenerationRequest> requests = [.. TinyModels.Golden(name).Rows.Select(row => new GenerationRequest(row) { MaxNewTokens = 12 })];
        IEnumerable<IReadOnlyList<int>> Tokens(long mostPairs) => new Continuation(body, head, body.Config.Vocabulary, _ => "", mostPairs).Run(requests, CancellationToken.None).Select(answer => answer.Tokens);

        // One token of each row after the other, some, and all.
        var whole = Tokens(long.MaxValue).ToList();
        Assert.Equal(whole, Tokens(1));
        Assert.Equal(whole, Tokens(500));
    }

    [Fact]
    public void An_answer_takes_no_more_memory_with_every_token()
    {
        using var model = TinyModels.Load("qwen2");
        List<long> alive = [];
        var request = new GenerationRequest([84, 104, 101]) { MaxNewTokens = 40, Temperature = 1, Seed = 5, Stop = new Watched(() => alive.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount)) };
        Assert.True(Run(model, request, request with { Prompt = [63] })[0].Tokens.Count > 30);
        Assert.InRange(alive[50] - alive[10], -2, 2);
    }

    [Fact]
    public void A_row_that_nobody_waits_for_leaves_and_the_others_go_on()
    {
        using var model = TinyModels.Load("qwen2");
        using var gone = new CancellationTokenSource();
        var seen = 0;
        var request = new GenerationRequest([84, 104, 101]) { MaxNewTokens = 40, Temperature = 1, Seed = 5 };
        var left = request with { Abandoned = gone.Token, Stop = new Watched(() => { if (++seen == 5) gone.Cancel(); }) };
        var answers = Run(model, left, request);
        Assert.Equal((5, GenerationEnd.Abandoned), (answers[0].Tokens.Count, answers[0].End));
        Assert.Equal(Run(model, request)[0].Tokens, answers[1].Tokens);
    }

    [Theory]
    [InlineData("""{"top_p":0}""", "top_p is 0")]
    [InlineData("""{"top_p":1.5}""", "top_p is 1.5")]
    [InlineData("""{"temperature":-0.1}""", "temperature is -0.1")]
    [InlineData("""{"temperature":"NaN"}""", "temperature is \"NaN\"")]
    [InlineData("""{"top_k":2.5}""", "top_k is 2.5")]
    [InlineData("""{"max_new_tokens":0}""", "max_new_tokens is 0")]
    [InlineData("""{"seed":"x"}""", "generation_config.seed is \"x\"")]
    [InlineData("""{"stop":3}""", "generation_config.stop is 3")]
    public void Settings_out_of_their_range_are_refused(string config, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<FleetException>(() => GenerationSettings.Of(JsonSerializer.Deserialize<JsonElement>(config))).Message, StringComparison.Ordinal);

    [Fact]
    public void Settings_may_be_written_as_text_and_left_out()
    {
        var read = GenerationSettings.Of(JsonSerializer.Deserialize<JsonElement>("""{"top_p":"0.9","top_k":-1,"temperature":null,"seed":4,"stop":["a"]}"""));
        Assert.Equal((0.9, 0, 0, 4, 512), (read.TopP, read.TopK, read.Temperature, read.Seed, read.MaxNewTokens));
        Assert.Equal(["a"], read.Stop);
        Assert.Null(GenerationSettings.Of(null).Fault);
    }

    [Fact]
    public void A_request_out_of_range_is_refused_by_the_model_too()
    {
        using var model = TinyModels.Load("qwen2");
        Assert.Contains("top_p is 0;", Assert.Throws<ModelException>(() => Run(model, new GenerationRequest([1]) { Temperature = 1, TopP = 0 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_follow_the_probabilities_within_the_cut()
    {
        Assert.SkipWhen(TorchLibrary.Fault is not null, "Built without libtorch: dotnet build -p:LocalModels=true runs the models.");
        const int Draws = 4000;
        double[] probabilities = [0.1, 0.4, 0.05, 0.3, 0.15];
        var requests = Enumerable.Range(0, Draws).Select(i => new GenerationRequest([0]) { Temperature = 1, Seed = i * 7919L, TopP = i % 2 == 0 ? 1 : 0.6, TopK = 4 }).ToList();
        using var scope = NewDisposeScope();
        var logits = tensor(probabilities.Select(p => (float)Math.Log(p)).ToArray()).unsqueeze(0).expand(Draws, 5);
        var drawn = new TokenDraw(requests).Next(logits, [.. Enumerable.Range(0, Draws)]);

        // top_k 4 leaves out the 0.05; top_p 0.6 of the rest keeps 0.4 and 0.3.
        double Share(int parity, int token) => drawn.Where((_, i) => i % 2 == parity).Count(t => t == token) / (Draws / 2.0);
        foreach (var token in new[] { 0, 1, 3, 4 }) Assert.InRange(Share(0, token), (probabilities[token] / 0.95) - 0.035, (probabilities[token] / 0.95) + 0.035);
        Assert.Equal(0, Share(0, 2));
        Assert.InRange(Share(1, 1), (4 / 7.0) - 0.04, (4 / 7.0) + 0.04);
        Assert.Equal(1, Share(1, 1) + Share(1, 3), 9);
    }

    [Fact]
    public void A_classifier_continues_nothing()
    {
        using var model = TinyModels.Load("qwen2-classifier");
        Assert.Contains("scores and does not continue", Assert.Throws<ModelException>(() => Run(model, new GenerationRequest([1]))).Message, StringComparison.Ordinal);
    }

    /// <summary>Stop texts that never come; they are looked at after every token.</summary>
    private sealed class Watched(Action look) : IReadOnlyList<string>
    {
        public int Count => 1;

        public string this[int index] => "never comes";

        public IEnumerator<string> GetEnumerator()
        {
            look();
            yield return this[0];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
