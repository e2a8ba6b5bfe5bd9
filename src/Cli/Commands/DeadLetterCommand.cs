using System.CommandLine;
using System.Globalization;
using System.Text;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Names;
using Fleet.Contracts.Wire;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Dispatcher.Rollouts.Columnar;
using Fleet.Messaging.DeadLetters;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet dlq</c>: what no worker could do, and a second chance for it.</summary>
internal static class DeadLetterCommand
{
    private const int ShownCharacters = 2_000;

    public static Command Create()
    {
        var command = new Command("dlq", "Dead letters: parts that no worker could do, and messages that none could read. They stay until somebody deletes or replays them.");
        command.Add(List());
        command.Add(Show());
        command.Add(Replay());
        command.Add(Purge());
        return command;
    }

    private static Command List()
    {
        var domain = Domain();
        return FleetConnection.Command(new Command("list", "One line for each dead letter: domain, when, rows, why.") { domain }, async (fleet, parsed, cancellation) =>
        {
            var found = 0;
            foreach (var letters in fleet.Named(parsed.GetValue(domain)))
            {
                await fleet.DeadLetters.EachAsync(
                    letters,
                    letter =>
                    {
                        Console.WriteLine($"{++found}\t{letter.Domain}\t{When(letter)}\t{Content(letter)}\t{letter.Reason}");
                        return Task.FromResult(false);
                    },
                    cancellation);
            }

            if (found == 0) Console.WriteLine("There are no dead letters.");
            return ExitCode.Done;
        });
    }

    private static Command Show()
    {
        var domain = Domain();
        return FleetConnection.Command(new Command("show", "Each dead letter whole: its head, why it is here, and its rows as JSON lines that 'fleet score' takes.") { domain }, async (fleet, parsed, cancellation) =>
        {
            foreach (var letters in fleet.Named(parsed.GetValue(domain)))
            {
                await fleet.DeadLetters.EachAsync(
                    letters,
                    letter =>
                    {
                        Console.WriteLine($"# {letter.Domain}, {When(letter)}, {Content(letter)}: {letter.Reason}");
                        foreach (var line in Lines(letter)) Console.WriteLine(line);
                        return Task.FromResult(false);
                    },
                    cancellation);
            }

            return ExitCode.Done;
        });
    }

    private static Command Replay()
    {
        var domain = Domain();
        var output = new Option<string?>("--output", "-o") { Description = "Where the results go, as JSON lines. Default: standard output.", HelpName = "FILE" };
        return FleetConnection.Command(
            new Command("replay", "Score the rows of dead letters again, with the configuration given here. Letters whose rows all get a verdict are deleted, the others stay.") { domain, output },
            async (fleet, parsed, cancellation) =>
            {
                var path = parsed.GetValue(output);
                await using var writer = new RewardWriter(path is null ? Console.OpenStandardOutput() : File.Create(path));
                var (done, left) = (0u, 0u);
                foreach (var letters in fleet.Named(parsed.GetValue(domain)))
                {
                    var all = await fleet.DeadLetters.CountAsync(letters, cancellation);
                    var taken = await fleet.DeadLetters.EachAsync(letters, letter => ReplayAsync(fleet, letter, writer, cancellation), cancellation);
                    (done, left) = (done + taken, left + all - taken);
                }

                await Console.Error.WriteLineAsync($"fleet: {done} dead letters were scored and deleted, {left} stay");
                return left == 0 ? ExitCode.Done : ExitCode.TooManyUnscored;
            });
    }

    private static Command Purge()
    {
        var domain = new Option<string?>("--domain", "-d") { Description = "The domain whose dead letters are deleted; 'all' for those of every domain.", HelpName = "D", Required = true };
        return FleetConnection.Command(new Command("purge", "Delete dead letters for good.") { domain }, async (fleet, parsed, cancellation) =>
        {
            var named = parsed.GetValue(domain);
            foreach (var letters in fleet.Named(named == "all" ? null : named))
            {
                if (await fleet.DeadLetters.PurgeAsync(letters, cancellation) is var deleted and > 0) Console.WriteLine($"{letters}: {deleted} deleted");
            }

            return ExitCode.Done;
        });
    }

    private static Option<string?> Domain() => new("--domain", "-d") { Description = "Only this domain. Default: all of the configuration.", HelpName = "D" };

    private static async Task<bool> ReplayAsync(FleetConnection fleet, DeadLetter letter, RewardWriter writer, CancellationToken cancellation)
    {
        if (Rows(letter) is not { Count: > 0 } rows) return false;
        var isDone = true;
        await foreach (var reward in fleet.Dispatcher.ScoreAsync(fleet.Config.Run, rows.ToAsyncEnumerable(), new CallOptions(), cancellation))
        {
            writer.Write(reward);
            isDone &= reward.Status is RowStatus.Scored or RowStatus.Invalid;
        }

        return isDone;
    }

    private static List<Row>? Rows(DeadLetter letter)
    {
        if (letter.Command is not { Payload.IsEmpty: false } command) return null;
        try
        {
            var batch = BatchReader.Read(command.Payload);
            // Rows that were routed by their tag say so still; those of a plain call are of the domain that they were sent to.
            if (!batch.Keys.Contains(BatchKeys.Domain) && !batch.Keys.Contains(BatchKeys.Tag)) batch = batch.With(BatchKeys.Domain, ValueColumn.OfText([.. Enumerable.Repeat(letter.Domain, batch.Length)]));
            return [.. BatchRows.Of(batch, int.MaxValue)];
        }
        catch (FleetException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Lines(DeadLetter letter)
    {
        if (Rows(letter) is { } rows) return rows.Select(row => row.Json.GetRawText());
        var text = Encoding.UTF8.GetString(letter.Body.Span);
        return [text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "..."];
    }

    private static string When(DeadLetter letter) => letter.At?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "at an unknown time";

    private static string Content(DeadLetter letter) => letter.Command is { } command
        ? string.Create(CultureInfo.InvariantCulture, $"{command.Header.Method} on {command.Header.Rows} rows, call {command.Header.CallId:N} part {command.Header.Part} attempt {command.Header.Attempt}")
        : string.Create(CultureInfo.InvariantCulture, $"{letter.Body.Length} bytes that are no command");
}
