using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Configuration;
using Fleet.Contracts;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Rollouts;
using Fleet.Rewards;
using Spectre.Console;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet explain</c>: one row, step by step.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var domain = new Option<string?>("--domain", "-d") { Description = "The domain; default: the row's own.", HelpName = "D" };
        var response = new Option<string?>("--response", "-r") { Description = "The response; - reads it from standard input.", HelpName = "TEXT" };
        var groundTruth = new Option<string?>("--ground-truth", "-g") { Description = "The gold answer.", HelpName = "TEXT" };
        var prompt = new Option<string?>("--prompt", "-p") { Description = "The prompt.", HelpName = "TEXT" };
        var row = new Option<string?>("--row") { Description = "A whole row as JSON instead of --response; or FILE:N for line N of a file of JSON lines, row N of a Parquet or Arrow file.", HelpName = "JSON|FILE:N" };
        var (config, parity) = (CommonOptions.Config(), CommonOptions.Parity());
        var command = new Command("explain", "Explain the verdict on one row: what was extracted, parsed, compared, and why.") { domain, response, groundTruth, prompt, row, config, parity };
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = ConfigLoader.Load(parsed.GetValue(config)?.FullName, new ConfigOverrides { Parity = parsed.GetValue(parity) });
            var asked = parsed.GetValue(row) is { } given
                ? await ReadRowAsync(given, cancellation)
                : FromParts(parsed.GetValue(prompt), parsed.GetValue(response), parsed.GetValue(groundTruth));
            return Explain(loaded, parsed.GetValue(domain), asked);
        });
        return command;
    }

    private static int Explain(FleetConfig config, string? domainFlag, Row row)
    {
        var (domain, problem) = row.Problem is null ? RowRouter.Route(config.Run, domainFlag ?? row.Domain, row.Tag) : (null, row.Problem);
        if (problem is not null) throw new FleetException(problem.Sentence);
        var settings = Worker.Runs.RunConfig.Parse(domain!.Config).Settings;
        var reward = RewardCatalog.Create(domain.ServedBy, settings)
            ?? throw new FleetException($"The domain '{domain.Domain}' is no pure rule: its verdicts need its worker. Score the row with 'fleet score' and read its detail.");

        var explanation = new Explanation();
        var score = reward.Score(RolloutOf(row), new ScoringContext { Explanation = explanation });
        var console = AnsiConsole.Console;
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumns("step", "what");
        foreach (var step in explanation.Steps) table.AddRow(Markup.Escape(step.Step), Markup.Escape(step.What));
        table.AddRow("status", score.IsScored ? RowStatus.Scored.Word() : RowStatus.Invalid.Word());
        if (score.IsScored)
        {
            table.AddRow("score", JsonSerializer.Serialize(score.Score));
            table.AddRow("reward", JsonSerializer.Serialize(score.Reward));
        }

        table.AddRow("reason", Markup.Escape(score.Reason.ToString()));
        if (score.Detail is not null) table.AddRow("detail", Markup.Escape(score.Detail.ToJsonString()));
        console.Write(table);
        return ExitCode.Done;
    }

    private static Rollout RolloutOf(Row row) => new()
    {
        Prompt = row.Text("prompt") ?? "",
        Response = row.Text("response") ?? throw new FleetException("explain needs the response as text; decode the ids first."),
        GroundTruth = row.Value("ground_truth") is { } gold ? gold.ValueKind == JsonValueKind.String ? gold.GetString() : gold.GetRawText() : null,
        Tag = row.Tag,
        ResponseTokens = row.Value("response_tokens") is { ValueKind: JsonValueKind.Number } tokens && tokens.TryGetInt32(out var count) ? count : null,
        Columns = row.Json.EnumerateObject().ToDictionary(column => column.Name, column => column.Value, StringComparer.Ordinal),
    };

    private static async Task<Row> ReadRowAsync(string given, CancellationToken cancellation)
    {
        if (given.TrimStart().StartsWith('{')) return Parse(given);
        var colon = given.LastIndexOf(':');
        if (colon < 0 || !long.TryParse(given.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !File.Exists(given[..colon]))
        {
            throw new FleetException($"'{given}' is no row; give a JSON object, or FILE:N for line N of a file that exists.");
        }

        await using var file = await RolloutFile.OpenAsync(given[..colon], cancellation);
        await foreach (var row in file.ReadAsync(Array.MaxLength, cancellation))
        {
            if (row.Number == number) return row;
        }

        throw new FleetException($"The file '{given[..colon]}' has no row {number}.");
    }

    private static Row Parse(string json)
    {
        try
        {
            return Row.Of(1, JsonDocument.Parse(json).RootElement, 0, int.MaxValue);
        }
        catch (JsonException broken)
        {
            throw new FleetException($"The row is no JSON: {broken.Message}", inner: broken);
        }
    }

    private static Row FromParts(string? prompt, string? response, string? groundTruth)
    {
        if (response is null) throw new FleetException("explain needs a response: give --response TEXT, or a whole row with --row.");
        if (response == "-") response = Console.In.ReadToEnd();
        var columns = new Dictionary<string, string?> { ["prompt"] = prompt, ["response"] = response, ["ground_truth"] = groundTruth };
        return Row.Of(1, JsonSerializer.SerializeToElement(columns), 0, int.MaxValue);
    }
}
