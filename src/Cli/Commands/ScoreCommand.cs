using System.CommandLine;
using Fleet.Cli.Configuration;
using Fleet.Cli.Output;
using Fleet.Cli.Progress;
using Fleet.Contracts.Messages;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet score</c>: rollouts in, rewards out.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "Rows to score: a .jsonl file (also .gz and .zst), a .parquet file, an .arrow file, or - for JSON lines from standard input." };
        var output = new Option<string?>("--output", "-o") { Description = "Where results go, one JSON object a row, in the order of the input. Default: standard output.", HelpName = "FILE" };
        var tensors = new Option<string?>("--tensors") { Description = "Also write the merged DataProto (scores, response_level_rewards, token_level_rewards, ...) as an Arrow stream.", HelpName = "FILE" };
        var maxUnscored = new Option<double>("--max-unscored")
        {
            Description = "Exit with 3 when more than this share of the rows (invalid rows apart) has no score.",
            HelpName = "PCT",
            DefaultValueFactory = _ => 1,
        };
        maxUnscored.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is < 0 or > 100) result.AddError("--max-unscored is a percentage from 0 to 100.");
        });
        var timeout = new Option<double?>("--timeout") { Description = "Seconds that the whole call may take; rows without a score by then are timed_out.", HelpName = "SECONDS" };
        var spread = new Option<string?>("--spread") { Description = "shared: every rank takes from one queue (default). ranks: parts are dealt to the ranks' own queues.", HelpName = "shared|ranks" };
        spread.AcceptOnlyFromAmong("shared", "ranks");
        var lane = new Option<string?>("--lane") { Description = "training (default), or evaluation: done before all training parts that wait, beside those that are sent again.", HelpName = "training|evaluation" };
        lane.AcceptOnlyFromAmong("training", "evaluation");
        var resume = new Option<bool>("--resume") { Description = "Go on with the output of a run that ended early: rows with a verdict keep it, the others are scored." };
        var setup = CommonOptions.Setup();
        var (config, broker, parity, verbose, json) = (CommonOptions.Config(), CommonOptions.Broker(), CommonOptions.Parity(), CommonOptions.Verbose(), CommonOptions.JsonLogs());

        var command = new Command("score", "Score rollouts: one result row for each row, in order, whatever happens to it.")
        {
            input, output, tensors, config, broker, parity, spread, lane, maxUnscored, timeout, resume, setup, verbose, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new Request(
                parsed.GetValue(input)!,
                parsed.GetValue(output),
                parsed.GetValue(tensors),
                parsed.GetValue(maxUnscored),
                parsed.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                parsed.GetValue(spread),
                parsed.GetValue(lane) == "evaluation" ? Lane.Evaluation : Lane.Training,
                parsed.GetValue(resume),
                parsed.GetValue(setup)),
            FleetHost.Load(parsed.GetValue(config)?.FullName, parsed.GetValue(broker), parsed.GetValue(parity)),
            CommonOptions.Logs(parsed, verbose, json),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Request request, FleetConfig config, LogOptions logs, CancellationToken cancellation)
    {
        if (config.Warning is not null) await Console.Error.WriteLineAsync(config.Warning);
        await using var rows = await RolloutFile.OpenAsync(request.Input, cancellation);
        if (request.Setup) await Setup.RunAsync(cancellation);
        using var host = await FleetHost.StartDispatcherAsync(config, logs, cancellation);
        await using var output = ScoreOutput.Open(request.Output, request.Resume, TimeProvider.System);
        var dispatcher = host.Services.GetRequiredService<RewardDispatcher>();
        var tally = new Tally();
        var tensors = request.Tensors is null ? null : new RewardTable(config.OnUnscored, config.TokenRewards);

        using (var progress = ProgressLine.Start(tally, isInteractive: request.Output is not null))
        {
            var options = new CallOptions
            {
                Timeout = request.Timeout,
                Spread = request.Spread is null ? config.Spread : Enum.Parse<Spread>(request.Spread, ignoreCase: true),
                Lane = request.Lane,
                Finished = output.Finished,
                Came = output.Came,
            };
            var read = rows.ReadAsync(config.Dispatcher.MaxRowBytes, cancellation);
            await foreach (var reward in dispatcher.ScoreAsync(config.Run, read, options, cancellation))
            {
                output.Write(reward);
                tally.Add(reward);
                tensors?.Add(reward);
                cancellation.ThrowIfCancellationRequested();
            }
        }

        await output.CompleteAsync();
        if (tensors is not null) await File.WriteAllBytesAsync(request.Tensors!, BatchWriter.Write(tensors.ToBatch()), cancellation);
        Summary.Write(tally);
        await host.StopAsync(CancellationToken.None);
        return tally.UnscoredShare * 100 > request.MaxUnscored ? ExitCode.TooManyUnscored : ExitCode.Done;
    }

    private sealed record Request(string Input, string? Output, string? Tensors, double MaxUnscored, TimeSpan? Timeout, string? Spread, Lane Lane, bool Resume, bool Setup);
}
