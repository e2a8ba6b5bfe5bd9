using System.Reflection;
using NetArchTest.Rules;

namespace Fleet.Architecture.Tests;

/// <summary>Who may see whom. Worker and Dispatcher meet only on the queue; a score is a function of its row.</summary>
public sealed class DependencyTests
{
    /// <summary>Each project and the projects of ours that it may use.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Rewards"] = [],
        ["Shaping"] = [],
        ["Messaging"] = ["Contracts"],
        ["Worker"] = ["Contracts", "Messaging", "Rewards"],
        ["Worker.Models"] = ["Contracts", "Messaging", "Rewards", "Worker"],
        ["Dispatcher"] = ["Contracts", "Messaging", "Shaping"],
        ["Gateway"] = ["Contracts", "Dispatcher", "Messaging"],
        ["Cli"] = ["Contracts", "Dispatcher", "Gateway", "Messaging", "Rewards", "Shaping", "Worker", "Worker.Models"],
    };

    /// <summary>What neither Rewards nor Shaping may touch: the world, and time.</summary>
    private static readonly string[] World =
    [
        "Apache.Arrow", "MassTransit", "TorchSharp", "Docker.DotNet", "Microsoft.ML", "Microsoft.Extensions", "OpenAI",
        "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Net.Http", "System.Net.Sockets", "System.Threading.Tasks", "System.Threading.Thread",
        "System.Diagnostics.Stopwatch", "System.Diagnostics.Process", "System.TimeProvider", "System.DateTime", "System.DateTimeOffset",
        "System.Console",
    ];

    private static readonly string[] Siblings = ["Math", "Code", "Instructions", "Choice", "Detection", "Video", "Judge"];

    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    public static TheoryData<string> PureProjects => ["Rewards", "Shaping"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_it_may(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"src/{project} is in no line of the table of dependencies: decide what it may use.");
        Assert.Empty(SourceTree.References(project, "ProjectReference").Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Types_depend_only_on_what_their_project_may(string project)
    {
        if (Load(project) is not { } assembly) return;
        string[] forbidden = [.. Allowed.Keys.Except(Allowed[project]).Where(other => other != project).Select(other => $"Fleet.{other}")];

        Check(Types.InAssembly(assembly).ShouldNot().HaveDependencyOnAny(forbidden));
    }

    [Theory]
    [MemberData(nameof(PureProjects))]
    public void Pure_projects_touch_neither_world_nor_clock(string project)
    {
        Assert.Empty(SourceTree.References(project, "PackageReference"));
        Check(Types.InAssembly(Load(project)!).ShouldNot().HaveDependencyOnAny(World));
    }

    [Fact]
    public void Contracts_has_no_package_but_arrow() =>
        Assert.Equal(["Apache.Arrow", "Apache.Arrow.Compression"], SourceTree.References("Contracts", "PackageReference"));

    [Fact]
    public void Rewards_of_different_domains_do_not_know_each_other()
    {
        var rewards = Load("Rewards")!;
        foreach (string domain in Siblings)
        {
            string[] others = [.. Siblings.Where(other => other != domain).Select(other => $"Fleet.Rewards.{other}")];
            Check(Types.InAssembly(rewards).That().ResideInNamespace($"Fleet.Rewards.{domain}").ShouldNot().HaveDependencyOnAny(others));
        }
    }

    [Fact]
    public void The_rule_finds_a_dependency_that_is_there() =>
        Assert.False(Types.InAssembly(Load("Contracts")!).ShouldNot().HaveDependencyOnAny("Apache.Arrow").GetResult().IsSuccessful);

    private static Assembly? Load(string project)
    {
        string path = Path.Combine(AppContext.BaseDirectory, project == "Cli" ? "fleet.dll" : $"Fleet.{project}.dll");
        return File.Exists(path) ? Assembly.LoadFrom(path) : null;
    }

    private static void Check(ConditionList rule)
    {
        var result = rule.GetResult();
        Assert.True(result.IsSuccessful, "These types depend on what they may not: " + string.Join(", ", result.FailingTypeNames ?? []));
    }
}
