using Fleet.Contracts.Batches;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Runs;
using Fleet.Unit.Tests.Contracts.Batches;

namespace Fleet.Unit.Tests.Dispatcher.Rollouts;

public sealed class RowTests
{
    private static readonly RunDefinition Run = new("run",
    [
        new DomainDefinition("math_rule", "math_rule", ["aime"], []),
        new DomainDefinition("far", "far", ["away"], []) { NotBuilt = "This build has no worker for it." },
    ]);

    [Theory]
    [InlineData("""{"response": 3}""", "wrong_type", "'response' holds 3; text")]
    [InlineData("""{"response": ["a"]}""", "wrong_type", "text is expected")]
    [InlineData("""{"response": "a", "domain": 1}""", "wrong_type", "'domain'")]
    [InlineData("""{"response": "a", "tag": {}}""", "wrong_type", "'tag'")]
    [InlineData("""{"response": "a", "prompt": 1.5}""", "wrong_type", "'prompt'")]
    [InlineData("""{"response_ids": "1 2"}""", "wrong_type", "a list of token ids")]
    [InlineData("""{"response_ids": [1, "2"]}""", "wrong_type", "whole numbers")]
    [InlineData("""{"response_ids": [1.5]}""", "wrong_type", "whole numbers")]
    [InlineData("""{"response_ids": [-1]}""", "wrong_type", "whole numbers")]
    [InlineData("""{"response_ids": [2147483648]}""", "wrong_type", "whole numbers")]
    [InlineData("""{"response": "a", "prompt_ids": [[1]]}""", "wrong_type", "whole numbers")]
    [InlineData("""{"response": "a", "response_tokens": "7"}""", "wrong_type", "'response_tokens'")]
    [InlineData("""{"id": 1}""", "missing_column", "'response'")]
    [InlineData("""{"response": null}""", "missing_column", "'response'")]
    public void A_column_of_the_wrong_type_is_named(string json, string code, string sentence)
    {
        var problem = Row(json).Problem;
        Assert.Equal(code, problem?.Code);
        Assert.Contains(sentence, problem!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"response": ""}""")]
    [InlineData("""{"response_ids": []}""")]
    [InlineData("""{"response": "a", "domain": null, "prompt": null, "response_ids": null}""")]
    [InlineData("""{"response": "a", "ground_truth": [1, {"a": 2}], "id": {"any": 1}}""")]
    public void Nulls_are_absent_and_the_rest_is_its_domains_business(string json) => Assert.Null(Row(json).Problem);

    [Fact]
    public void A_long_value_is_clipped_in_the_sentence() =>
        Assert.InRange(Row($"{{\"response\": [{string.Join(',', Enumerable.Repeat(1, 1000))}]}}").Problem!.Sentence.Length, 80, 200);

    [Theory]
    [InlineData("math_rule", null, "math_rule", null)]
    [InlineData(null, "aime", "math_rule", null)]
    [InlineData("math_rule", "away", "math_rule", null)]
    [InlineData(null, null, null, "missing_column")]
    [InlineData("maths", null, null, "unknown_domain")]
    [InlineData("Math_Rule", null, null, "unknown_domain")]
    [InlineData("maths", "aime", null, "unknown_domain")]
    [InlineData(null, "imo", null, "unknown_tag")]
    [InlineData("far", null, "far", "domain_not_built")]
    [InlineData(null, "away", "far", "domain_not_built")]
    public void A_row_goes_to_its_domain_else_to_the_one_that_lists_its_tag(string? domain, string? tag, string? expected, string? problem)
    {
        var (found, wrong) = RowRouter.Route(Run, domain, tag);
        Assert.Equal((expected, problem), (found?.Domain, wrong?.Code));
    }

    [Fact]
    public void A_batch_has_the_columns_of_all_rows_and_null_where_a_row_has_none()
    {
        var batch = RowBatch.Of([
            Row("""{"response": "a", "ground_truth": "g", "only": [1]}"""),
            Row("""{"response": "b", "ground_truth": 4}"""),
        ]);

        Assert.Equal(["a", "b"], Texts(batch, BatchKeys.ResponseText));
        Assert.Equal(["g", "4"], Texts(batch, BatchKeys.GroundTruth));
        Assert.Equal(["[1]", null], Texts(batch, "only"));
        Assert.True(BatchReader.Read(BatchWriter.Write(batch)).ContentEquals(batch));
    }

    [Fact]
    public void Token_ids_stay_ids_padded_on_the_side_of_their_column()
    {
        var batch = RowBatch.Of([Row("""{"prompt_ids": [1, 2], "response_ids": [3]}"""), Row("""{"prompt_ids": [4], "response_ids": []}""")]);

        Assert.Equal(PadSide.Left, ((TokenColumn)batch.Batch[BatchKeys.Prompts]).PadSide);
        Assert.Equal([0], ((TokenColumn)batch.Batch[BatchKeys.Responses]).ToPadded().Row<long>(1).ToArray());
    }

    [Theory]
    [InlineData("""{"response": "r", "response_ids": ["a"], "response_ids": null}""")]
    [InlineData("""{"response_ids": ["a"], "response": 7, "response_ids": null, "response": "r"}""")]
    [InlineData("""{"response": "r", "response_ids": null}""")]
    public void Of_a_column_that_comes_twice_the_last_one_counts(string json)
    {
        var row = Row(json);
        Assert.Null(row.Problem);

        var batch = RowBatch.Of([row]);
        Assert.Equal([BatchKeys.ResponseText], batch.Keys);
        Assert.Equal(["r"], Texts(batch, BatchKeys.ResponseText));
    }

    [Theory]
    [InlineData("prompt_text")]
    [InlineData("response_text")]
    [InlineData("responses")]
    [InlineData("prompts")]
    public void A_further_column_cannot_pass_itself_off_as_the_rows_text_or_ids(string name)
    {
        var batch = RowBatch.Of([Row($$"""{"prompt": "p", "response": "r", "prompt_ids": [1], "response_ids": [2], "{{name}}": "forged"}""")]);

        Assert.Equal(["p"], Texts(batch, BatchKeys.PromptText));
        Assert.Equal(["r"], Texts(batch, BatchKeys.ResponseText));
        Assert.Equal([2], ((TokenColumn)batch.Batch[BatchKeys.Responses]).Row(0).ToArray());
    }

    [Fact]
    public void A_broken_row_keeps_the_id_that_is_known()
    {
        var row = Fleet.Dispatcher.Rollouts.Row.Broken(3, new RowProblem("broken_line", "x"), Samples.Json("7"));
        Assert.Equal("7", row.Id.GetRawText());
    }

    private static Row Row(string json) => Fleet.Dispatcher.Rollouts.Row.Of(1, Samples.Json(json), json.Length, int.MaxValue);

    private static string?[] Texts(DataProto batch, string key) => [.. Enumerable.Range(0, batch.Length).Select(row => batch.NonTensorBatch[key].Text(row))];
}
