using Fleet.Worker.Models;
using Fleet.Worker.Models.Generation;
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
        using var model = TinyModels.Load(name, new LocalModelOptions { BatchSize = 64 });
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

    [Fact]
    public void Draws_follow_the_probabilities_within_the_cut()
    {
        Assert.SkipWhen(Worker.Models.Native.TorchLibrary.Fault is not null, "Built without libtorch: dotnet build -p:LocalModels=true runs the models.");
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
}
