using Fleet.Worker.Models;
using Fleet.Worker.Models.Network;

namespace Fleet.Models.Tests;

public class OutputTests
{
    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("llama")]
    [InlineData("qwen2-classifier")]
    [InlineData("llama-classifier")]
    [InlineData("qwen3-values")]
    [InlineData("llama-value-head")]
    public void Outputs_are_those_of_an_independent_implementation(string name)
    {
        using var model = TinyModels.Load(name);
        var golden = TinyModels.Golden(name);
        foreach (var (row, expected) in golden.Rows.Zip(golden.Outputs))
            Assert.InRange(Difference(model.Outputs([row], CancellationToken.None)[0], expected), 0, 1e-4);
    }

    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("llama")]
    [InlineData("qwen2-classifier")]
    [InlineData("qwen3-values")]
    public void A_batch_says_of_each_row_what_the_row_alone_says(string name)
    {
        using var model = TinyModels.Load(name);
        var golden = TinyModels.Golden(name);
        foreach (var (output, expected) in model.Outputs(golden.Rows, CancellationToken.None).Zip(golden.Outputs)) Assert.InRange(Difference(output, expected), 0, 1e-4);
        foreach (var (output, expected) in model.LastOutputs(golden.Rows, CancellationToken.None).Zip(golden.Outputs)) Assert.InRange(Difference([output], [expected[^1]]), 0, 1e-4);
    }

    [Theory]
    [InlineData("qwen2-classifier")]
    [InlineData("qwen3-values")]
    [InlineData("llama")]
    public void Rows_of_equal_length_need_no_mask_and_say_the_same(string name)
    {
        using var model = TinyModels.Load(name);
        var golden = TinyModels.Golden(name);
        var row = golden.Rows[0];
        int[][] rows = [row, [.. row.Reverse()], row];
        var together = model.Outputs(rows, CancellationToken.None);
        Assert.InRange(Difference(together[0], golden.Outputs[0]), 0, 1e-4);
        Assert.InRange(Difference(together[1], model.Outputs([rows[1]], CancellationToken.None)[0]), 0, 1e-4);
        Assert.InRange(Difference(together[2], golden.Outputs[0]), 0, 1e-4);
    }

    [Fact]
    public void A_value_head_beside_causal_weights_makes_a_model_of_values_whatever_its_architecture_is_called()
    {
        TinyModels.Require();
        using var copy = new ModelCopy("llama-value-head");
        copy.Set("architectures", new System.Text.Json.Nodes.JsonArray("LlamaForCausalLM"));
        using var model = LocalModel.Load(copy.Path, TinyModels.Options);
        var golden = TinyModels.Golden("llama-value-head");
        Assert.Equal(ModelTask.TokenValues, model.Config.Task);
        Assert.InRange(Difference(model.Outputs([golden.Rows[0]], CancellationToken.None)[0], golden.Outputs[0]), 0, 1e-4);
    }

    [Fact]
    public void A_model_that_is_gone_says_so()
    {
        var model = TinyModels.Load("qwen2-classifier");
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.LastOutputs([[1]], CancellationToken.None));
    }

    [Theory]
    [InlineData("bf16", 0.03)]
    [InlineData("fp16", 0.004)]
    public void Half_the_bytes_are_nearly_as_good(string type, double most)
    {
        using var model = TinyModels.Load("qwen2", TinyModels.Options with { Type = type });
        var golden = TinyModels.Golden("qwen2");
        foreach (var (output, expected) in model.Outputs(golden.Rows, CancellationToken.None).Zip(golden.Outputs))
        {
            var wanted = expected.SelectMany(e => e).ToArray();
            var off = output.TakeLast(expected.Length).SelectMany(o => o).Zip(wanted, (one, other) => one - other);
            Assert.InRange(Math.Sqrt(off.Sum(d => d * d) / wanted.Sum(w => w * w)), 0, most);
        }
    }

    [Fact]
    public void Weights_off_the_device_score_nothing_until_they_are_back()
    {
        using var model = TinyModels.Load("qwen2-classifier");
        var golden = TinyModels.Golden("qwen2-classifier");
        model.OffloadStates();
        Assert.Contains("off the device", Assert.Throws<ModelException>(() => model.LastOutputs(golden.Rows, CancellationToken.None)).Message, StringComparison.Ordinal);
        model.LoadStates();
        Assert.InRange(Difference([model.LastOutputs(golden.Rows, CancellationToken.None)[0]], [golden.Outputs[0][^1]]), 0, 1e-4);
    }

    [Fact]
    public void Ids_of_another_vocabulary_are_refused()
    {
        using var model = TinyModels.Load("qwen2", TinyModels.Options with { MaxTokens = 256 });
        Assert.Contains("vocabulary of 264", Assert.Throws<ModelException>(() => model.Outputs([[1, 264]], CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Contains("no tokens", Assert.Throws<ModelException>(() => model.Outputs([[]], CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Contains("takes 256", Assert.Throws<ModelException>(() => model.Outputs([new int[257]], CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    // Golden rows of a causal model hold the last two tokens only.
    private static double Difference(float[][] output, float[][] expected)
    {
        var tail = output.TakeLast(expected.Length).ToList();
        Assert.Equal(expected.Length, tail.Count);
        return tail.Zip(expected).Max(pair => pair.First.Zip(pair.Second).Max(both => Math.Abs(both.First - both.Second)));
    }
}
