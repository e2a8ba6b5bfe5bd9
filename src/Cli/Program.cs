using System.CommandLine;
using Fleet.Cli;
using Fleet.Cli.Commands;
using Fleet.Contracts;

var root = new RootCommand("Fleet scores rollouts: a message-queue worker fleet for reinforcement learning with verifiable rewards.")
{
    ScoreCommand.Create(),
    WorkerProcess.Create(),
    ServeCommand.Create(),
    StatusCommand.Create(),
    InitCommand.Create(),
    CancelCommand.Create(),
    DrainCommand.Create(),
    DeadLetterCommand.Create(),
    ExplainCommand.Create(),
    VerifyCommand.Create(),
    ModelCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"fleet: {error.Message}");
    await Console.Error.WriteLineAsync($"Try 'fleet {parsed.CommandResult.Command.Name} --help'.");
    return ExitCode.Usage;
}

try
{
    // What serves others finishes what it has in hand; everything else ends soon after it was told to.
    var patience = parsed.CommandResult.Command.Name is "worker" or "serve" ? FleetHost.ShutdownTimeout + TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(5);
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });
}
catch (FleetException fault)
{
    foreach (var line in fault.Message.Split('\n')) await Console.Error.WriteLineAsync($"fleet: {line}");
    return fault.IsTransient ? ExitCode.Failed : ExitCode.Usage;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("fleet: stopped before the end.");
    return ExitCode.Failed;
}
