using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.QueueContract.Tests;
using Fleet.Unit.Tests.Worker.Tokens;

namespace Fleet.Integration.Tests.Cli;

/// <summary>Bad rows cost themselves and nothing else; bad commands are one sentence and an exit code.</summary>
public sealed class BadInputTests(RabbitMqServer broker) : IClassFixture<RabbitMqServer>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    /// <summary>What is wrong, the line, and what becomes of it.</summary>
    public static TheoryData<string, string, string, string> BadRows => new()
    {
        { "broken line", """{"id": "bad", "response": "x""", "invalid", "broken_line" },
        { "no object", "[1, 2]", "invalid", "not_an_object" },
        { "unknown domain", """{"id": "bad", "domain": "maths", "response": "x"}""", "invalid", "unknown_domain" },
        { "unknown tag", """{"id": "bad", "tag": "imo", "response": "x"}""", "invalid", "unknown_tag" },
        { "neither domain nor tag", """{"id": "bad", "response": "x"}""", "invalid", "missing_column" },
        { "no response", """{"id": "bad", "domain": "multiple_choice_boxed", "ground_truth": "A"}""", "invalid", "missing_column" },
        { "no gold", """{"id": "bad", "domain": "multiple_choice_boxed", "response": "\\boxed{A}"}""", "invalid", "no_ground_truth" },
        { "wrong type", """{"id": "bad", "domain": "multiple_choice_boxed", "response": 7, "ground_truth": "A"}""", "invalid", "wrong_type" },
        { "50 MB", "{\"id\": \"bad\", \"domain\": \"multiple_choice_boxed\", \"response\": \"@50MB\", \"ground_truth\": \"A\"}", "invalid", "row_too_large" },
        { "lone surrogates", """{"id": "bad", "domain": "multiple_choice_boxed", "response": "\ud800 \\boxed{A} \udc00", "ground_truth": "A", "\udfff": ["\ud83d"]}""", "scored", "" },
        { "no tokenizer", """{"id": "bad", "domain": "ifeval", "response_ids": [1, 2]}""", "invalid", "no_tokenizer" },
        { "unknown token id", """{"id": "bad", "domain": "multiple_choice_boxed", "response_ids": [92, 999999], "ground_truth": "A"}""", "invalid", "unknown_token_id" },
        { "forged column", """{"id": "bad", "domain": "multiple_choice_boxed", "response": "\\boxed{A}", "response_text": "x", "responses": 3, "prompt": "p", "prompt_text": 4, "ground_truth": "A"}""", "scored", "" },
    };

    public static TheoryData<string, string[], string, int> BadCommands => new()
    {
        { "missing file", ["score", "/no/such/file.jsonl"], "There is no file '/no/such/file.jsonl'", 2 },
        { "bad flag", ["score", "rows.jsonl", "--no-such-flag"], "--no-such-flag", 2 },
        { "bad value", ["score", "rows.jsonl", "--parity", "rolll"], "rolll", 2 },
        { "missing configuration", ["score", "rows.jsonl", "--config", "/no/such.yaml"], "/no/such.yaml", 2 },
        { "no address", ["score", "rows.jsonl", "--broker", "localhost:5672"], "'localhost:5672' is no address of a broker", 2 },
        { "worker without broker", ["worker", "--domain", "math_rule"], "needs a broker", 2 },
        { "worker of an unknown domain", ["worker", "--domain", "maths", "--broker", "amqp://127.0.0.1:1"], "no worker for the domain 'maths'", 2 },
        { "broker down", ["score", "rows.jsonl", "--broker", "amqp://127.0.0.1:1"], "No broker answers at amqp://127.0.0.1:1", 1 },
        { "worker with its broker down", ["worker", "--domain", "math_rule", "--broker", "amqp://127.0.0.1:1"], "No broker answers at amqp://127.0.0.1:1", 1 },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(BadRows))]
    public async Task A_bad_row_costs_itself_and_no_other(string what, string line, string status, string reason)
    {
        using var tokenizer = new TinyTokenizer().WithJson();
        var config = Write("fleet.yaml", $"""
            rewards:
              multiple_choice_boxed:
                model_args:
                  model_name_or_path: {tokenizer.Folder}
              ifeval:
                tag_included: [ifeval]
            """);
        var good = $$"""{"id": "good", "domain": "multiple_choice_boxed", "response": "\\boxed{A}", "ground_truth": "A"}""";
        var ids = $$"""{"id": "ids", "domain": "multiple_choice_boxed", "response_ids": [{{string.Join(", ", @"\boxed{A}".Select(c => (int)c))}}], "ground_truth": "A"}""";
        var rows = Write("rows.jsonl", $"{good}\n{ids}\n{line.Replace("@50MB", new string('x', 50 * 1024 * 1024), StringComparison.Ordinal)}\n{good}\n{ids}\n");

        var (exit, output, errors) = await FleetProcess.RunAsync("score", rows, "--config", config);

        var results = output.Select(result => JsonNode.Parse(result)!).ToList();
        Assert.True(results.Count == 5, $"{what}: {results.Count} rows, exit {exit}: {errors}");
        Assert.Equal(status, (string?)results[2]["status"]);
        Assert.StartsWith(reason, (string?)results[2]["reason"], StringComparison.Ordinal);
        foreach (var other in new[] { 0, 1, 3, 4 }) Assert.Equal((other is 0 or 3 ? "good" : "ids", "scored", 1.0), ((string?)results[other]["id"], (string?)results[other]["status"], (double)results[other]["score"]!));
        Assert.Equal(0, exit);
    }

    [Theory]
    [MemberData(nameof(BadCommands))]
    public async Task A_bad_command_is_one_sentence_and_its_exit_code(string what, string[] arguments, string sentence, int exitCode)
    {
        var rows = Write("rows.jsonl", "{}\n");

        var (exit, output, errors) = await FleetProcess.RunAsync([.. arguments.Select(argument => argument == "rows.jsonl" ? rows : argument)]);

        Assert.True(exit == exitCode, $"{what}: exit {exit}: {errors}");
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_broker_that_refuses_the_user_is_one_sentence()
    {
        var url = new UriBuilder(broker.Url) { UserName = "guest", Password = "wrong" }.Uri.ToString();

        var (exit, _, errors) = await FleetProcess.RunAsync("score", Write("rows.jsonl", "{}\n"), "--broker", url);

        Assert.Contains("refused the user 'guest'", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", errors, StringComparison.Ordinal);
        Assert.Equal(2, exit);
    }

    [Fact]
    public async Task Every_fault_of_a_configuration_is_told_with_its_line()
    {
        var config = Write("fleet.yaml", "parity: rolll\nrewards:\n  math_rule:\n    worker_clz: X\n");

        var (exit, _, errors) = await FleetProcess.RunAsync("score", Write("rows.jsonl", "{}\n"), "--config", config);

        Assert.Contains("line 1: 'parity'", errors, StringComparison.Ordinal);
        Assert.Contains("line 4: 'rewards.math_rule.worker_clz' is no known key; did you mean 'worker_cls'?", errors, StringComparison.Ordinal);
        Assert.Equal(2, exit);
    }

    [Fact]
    public async Task An_empty_file_has_no_rows_and_is_no_fault()
    {
        var (exit, output, errors) = await FleetProcess.RunAsync("score", Write("rows.jsonl", ""));

        Assert.Empty(output);
        Assert.Contains("The input has no rows.", errors, StringComparison.Ordinal);
        Assert.Equal(0, exit);
    }

    [Fact]
    public async Task A_file_that_ends_in_the_middle_gives_the_rows_before_and_one_sentence()
    {
        var path = Path.Combine(_folder, "rows.jsonl.gz");
        using (var compressed = new MemoryStream())
        {
            await using (var gzip = new GZipStream(compressed, CompressionLevel.NoCompression, leaveOpen: true))
            {
                await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"domain\": \"multiple_choice_boxed\", \"response\": \"\\\\boxed{A}\", \"ground_truth\": \"A\"}\n", 5000))));
            }

            await File.WriteAllBytesAsync(path, compressed.ToArray()[..200_000]);
        }

        var (exit, output, errors) = await FleetProcess.RunAsync("score", path);

        Assert.InRange(output.Length, 1000, 4999);
        Assert.All(output, line => Assert.Equal("scored", (string?)JsonNode.Parse(line)!["status"]));
        Assert.Contains("damaged", errors, StringComparison.Ordinal);
        Assert.NotEqual(0, exit);
    }

    [Fact]
    public async Task Too_many_rows_without_a_score_are_exit_code_three_unless_allowed()
    {
        // A judge without an address cannot serve: its row fails.
        var rows = Write("rows.jsonl", """
            {"id": 1, "domain": "llm_judge", "prompt": "p", "response": "x", "ground_truth": "A"}
            {"id": 2, "domain": "multiple_choice_boxed", "response": "\\boxed{A}", "ground_truth": "A"}
            """);

        var (strict, output, _) = await FleetProcess.RunAsync("score", rows);
        var (lenient, _, _) = await FleetProcess.RunAsync("score", rows, "--max-unscored", "50");

        Assert.Equal(["failed", "scored"], output.Select(line => (string?)JsonNode.Parse(line)!["status"]));
        Assert.Equal((3, 0), (strict, lenient));
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
