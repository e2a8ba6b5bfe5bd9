using Fleet.Contracts.Batches;
using PublicApiGenerator;

namespace Fleet.Architecture.Tests;

/// <summary>What both ends and every custom worker build on changes only on purpose.</summary>
public sealed class PublicApiTests
{
    private const string Approve = "FLEET_APPROVE";

    [Fact]
    public void The_public_surface_of_contracts_is_the_approved_one()
    {
        string api = typeof(DataProto).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        string path = Path.Combine(SourceTree.Root, "tests", "Architecture.Tests", "Contracts.approved.txt");
        if (Environment.GetEnvironmentVariable(Approve) == "1") File.WriteAllText(path, api);

        string approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : string.Empty;
        string[] appeared = [.. api.Split('\n').Except(approved.Split('\n'))], gone = [.. approved.Split('\n').Except(api.Split('\n'))];
        Assert.True(api == approved,
            $"The public surface of Contracts is not the approved one; if that is meant, run this test once with {Approve}=1 and commit the file.\n" +
            string.Join('\n', gone.Select(line => "- " + line).Concat(appeared.Select(line => "+ " + line))));
    }
}
