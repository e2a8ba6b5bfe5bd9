using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Dispatcher.Runs;

namespace Fleet.Unit.Tests.Dispatcher.Runs;

public sealed class RunDefinitionTests
{
    [Fact]
    public void One_tag_in_two_domains_is_refused_and_both_are_named()
    {
        var twice = Assert.Throws<FleetException>(() => new RunDefinition("r", [Domain("a", "x", "y"), Domain("b", "y")]));
        Assert.Contains("'y'", twice.Message, StringComparison.Ordinal);
        Assert.Contains("'a' and 'b'", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_tag_twice_in_one_domain_is_harmless() =>
        Assert.Equal("a", new RunDefinition("r", [Domain("a", "x", "x")]).DomainOfTag("x")!.Domain);

    [Fact]
    public void The_hash_is_of_the_configuration_alone()
    {
        Assert.Equal(Hash("""{"a": 1}"""), Hash("""{"a":1}"""));
        Assert.NotEqual(Hash("""{"a": 1}"""), Hash("""{"a": 2}"""));
        Assert.Matches("^[0-9a-f]{16}$", Hash("{}"));
    }

    [Fact]
    public void Parallel_sizes_come_from_the_configuration_and_are_one_otherwise()
    {
        var domain = new DomainDefinition("a", "a", [], new JsonObject { ["tp_size"] = 2, ["pp_size"] = 0 });
        Assert.Equal((2, 1), (domain.TpSize, domain.PpSize));
    }

    private static string Hash(string config) => new DomainDefinition("a", "a", [], JsonNode.Parse(config)!.AsObject()).ConfigHash;

    private static DomainDefinition Domain(string name, params string[] tags) => new(name, name, tags, []);
}
