using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Contracts;
using Fleet.Messaging.DeadLetters;

namespace Fleet.Cli.DeadLetters;

/// <summary>The dead letters that a command is about: all of them, those of a domain or of a call, or one.</summary>
internal sealed class LetterChoice
{
    private readonly Option<string?> _domain = new("--domain", "-d") { Description = "Only this domain. Default: all of the configuration.", HelpName = "D" };
    private readonly Option<string?> _call = new("--call") { Description = "Only letters of this call, as 'list' shows it.", HelpName = "ID" };
    private readonly Option<int?> _part = new("--part") { Description = "With --call: only this part of it.", HelpName = "N" };

    /// <summary>Gives a command the options.</summary>
    public Command AddTo(Command command)
    {
        foreach (var option in new Option[] { _domain, _call, _part }) command.Add(option);
        return command;
    }

    /// <summary>Looks at the chosen letters one by one, oldest first.</summary>
    /// <param name="fleet">Where they are.</param>
    /// <param name="parsed">What was chosen.</param>
    /// <param name="look">Looks at one; true deletes it, false leaves it where it is.</param>
    /// <param name="cancellation">Ends the looking.</param>
    /// <returns>How many were looked at, and how many of them deleted.</returns>
    /// <exception cref="FleetException">The choice is none, or there is no such letter.</exception>
    public async Task<(long Found, long Deleted)> EachAsync(FleetConnection fleet, ParseResult parsed, Func<DeadLetter, Task<bool>> look, CancellationToken cancellation)
    {
        var (call, part) = (Call(parsed.GetValue(_call)), parsed.GetValue(_part));
        if (part is not null && call is null) throw new FleetException("--part is a part of a call; name the call with --call ID.");
        var (found, deleted) = (0L, 0L);
        foreach (var domain in fleet.Named(parsed.GetValue(_domain)))
        {
            deleted += await fleet.DeadLetters.EachAsync(
                domain,
                letter =>
                {
                    var head = letter.Command?.Header;
                    if ((call is not null && head?.CallId != call) || (part is not null && head?.Part != part)) return Task.FromResult(false);
                    found++;
                    return look(letter);
                },
                cancellation);
        }

        return found > 0 || call is null ? (found, deleted) : throw new FleetException("There is no such dead letter; 'fleet dlq list' shows those that are there.");
    }

    private static Guid? Call(string? text) =>
        text is null ? null : Guid.TryParse(text, out var id) ? id : throw new FleetException($"'{text}' is no id of a call; 'fleet dlq list' shows them.");
}
