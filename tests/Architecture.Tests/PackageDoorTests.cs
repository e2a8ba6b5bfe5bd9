namespace Fleet.Architecture.Tests;

/// <summary>One package, one door: an engine can be changed in one place.</summary>
public sealed class PackageDoorTests
{
    public static TheoryData<string, string[]> Doors => new()
    {
        { "Apache.Arrow", ["Contracts/Wire/", "Dispatcher/Rollouts/Columnar/"] },
        { "MassTransit", ["Messaging/", "Worker/Queue/", "Dispatcher/Queue/"] },
        { "RabbitMQ.Client", ["Messaging/"] },
        { "Microsoft.ML.Tokenizers", ["Worker/Tokens/"] },
        { "Docker.DotNet", ["Worker/Sandbox/"] },
        { "TorchSharp", ["Worker.Models/"] },
        { "OpenAI", ["Worker/Judging/"] },
        { "Microsoft.Extensions.AI", ["Worker/Judging/"] },
        { "Parquet", ["Dispatcher/Rollouts/Columnar/"] },
        { "ZstdSharp", ["Dispatcher/Rollouts/"] },
        { "OpenTelemetry", ["Gateway/"] },
        { "System.CommandLine", ["Cli/"] },
        { "Spectre.Console", ["Cli/"] },
        { "YamlDotNet", ["Cli/"] },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public void A_package_is_named_only_behind_its_door(string @namespace, string[] doors)
    {
        var outside = SourceTree.FilesNaming(@namespace).Where(file => !doors.Any(door => file.StartsWith(door, StringComparison.Ordinal)));

        Assert.True(!outside.Any(), $"{@namespace} belongs behind {string.Join(" or ", doors)} and is named in {string.Join(", ", outside)}.");
    }

    [Fact]
    public void The_search_finds_a_name_that_is_there() => Assert.Contains("Contracts/Wire/BatchWriter.cs", SourceTree.FilesNaming("Apache.Arrow"));
}
