using System.CommandLine;
using Fleet.Cli.DeadLetters;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Rollouts;
using Fleet.Messaging.DeadLetters;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet dlq</c>: what no worker could do, and a second chance for it.</summary>
internal static class DeadLetterCommand
{
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
        var choice = new LetterChoice();
        var command = new Command("list", "One line for each dead letter: domain, when, what, why.");
        return FleetConnection.Command(choice.AddTo(command), async (fleet, parsed, cancellation) =>
        {
            var shown = 0;
            var (found, _) = await choice.EachAsync(fleet, parsed, letter => Say($"{++shown}\t{letter.Domain}\t{LetterContent.When(letter)}\t{LetterContent.What(letter)}\t{letter.Reason}"), cancellation);
            if (found == 0) Console.WriteLine("There are no dead letters.");
            return ExitCode.Done;
        });
    }

    private static Command Show()
    {
        var choice = new LetterChoice();
        var command = new Command("show", "Each dead letter whole: its head, why it is here, and its rows as JSON lines that 'fleet score' takes.");
        return FleetConnection.Command(choice.AddTo(command), async (fleet, parsed, cancellation) =>
        {
            await choice.EachAsync(
                fleet,
                parsed,
                letter => Say([$"# {letter.Domain}, {LetterContent.When(letter)}, {LetterContent.What(letter)}: {letter.Reason}", .. LetterContent.Lines(letter)]),
                cancellation);
            return ExitCode.Done;
        });
    }

    private static Command Replay()
    {
        var choice = new LetterChoice();
        var output = new Option<string?>("--output", "-o") { Description = "Where the results go, as JSON lines. Default: standard output.", HelpName = "FILE" };
        var command = new Command("replay", "Score the rows of dead letters again, with the configuration given here. Letters whose rows all get a verdict are deleted, the others stay.") { output };
        return FleetConnection.Command(choice.AddTo(command), async (fleet, parsed, cancellation) =>
        {
            var path = parsed.GetValue(output);
            await using var writer = new RewardWriter(path is null ? Console.OpenStandardOutput() : File.Create(path));
            var (found, deleted) = await choice.EachAsync(fleet, parsed, letter => ReplayAsync(fleet, letter, writer, cancellation), cancellation);
            await Console.Error.WriteLineAsync($"fleet: {deleted} dead letters were scored and deleted, {found - deleted} stay");
            return found == deleted ? ExitCode.Done : ExitCode.TooManyUnscored;
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

    private static Task<bool> Say(params IEnumerable<string> lines)
    {
        foreach (var line in lines) Console.WriteLine(line);
        return Task.FromResult(false);
    }

    private static async Task<bool> ReplayAsync(FleetConnection fleet, DeadLetter letter, RewardWriter writer, CancellationToken cancellation)
    {
        if (LetterContent.Rows(letter) is not { Count: > 0 } rows) return false;
        var isDone = true;
        await foreach (var reward in fleet.Dispatcher.ScoreAsync(fleet.Config.Run, rows.ToAsyncEnumerable(), new CallOptions { BuryFailures = false }, cancellation))
        {
            writer.Write(reward);
            isDone &= FinishedRows.Stands(reward.Status);
        }

        return isDone;
    }
}
