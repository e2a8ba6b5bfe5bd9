using Fleet.Contracts;
using Fleet.Worker;
using Fleet.Worker.PlugIns;
using Fleet.Worker.Runs;

namespace Fleet.Unit.Tests.Worker.PlugIns;

public sealed class PlugInLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("plugins").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_is_loaded_that_is_not_allowed()
    {
        File.Copy(typeof(FleetException).Assembly.Location, Path.Combine(_folder, "Some.dll"));

        Assert.Empty(PlugInLoader.Load(new WorkerOptions { PlugInFolder = _folder }));
        Assert.Empty(PlugInLoader.Load(new WorkerOptions()));
    }

    [Theory]
    [InlineData("../Some.dll", "write the file name alone")]
    [InlineData("/tmp/Some.dll", "write the file name alone")]
    [InlineData("Missing.dll", "The plug-in 'Missing.dll' is not in ")]
    [InlineData("broken.dll", "cannot be loaded")]
    public void What_is_wrong_with_an_allowed_assembly_is_one_sentence(string file, string sentence)
    {
        File.WriteAllText(Path.Combine(_folder, "broken.dll"), "not an assembly");
        Assert.Contains(sentence, Refusal(new WorkerOptions { PlugInFolder = _folder, PlugInAllowList = [file] }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_assembly_without_a_worker_says_what_a_worker_is()
    {
        File.Copy(typeof(FleetException).Assembly.Location, Path.Combine(_folder, "Fleet.Contracts.dll"));
        Assert.Contains("holds no public class that derives from RewardWorker", Refusal(new WorkerOptions { PlugInFolder = _folder, PlugInAllowList = ["Fleet.Contracts.dll"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_allow_list_needs_a_folder() =>
        Assert.Contains("plugins.folder is not set", Refusal(new WorkerOptions { PlugInAllowList = ["a.dll"] }), StringComparison.Ordinal);

    [Fact]
    public void A_class_that_no_worker_has_is_refused_with_those_it_has()
    {
        var refused = Assert.Throws<FleetException>(() => new WorkerCatalog(new WorkerOptions()).Create("mine", "MyWorker"));
        Assert.Contains("knows no class 'MyWorker' for the domain 'mine'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("MathRuleRewardWorker", refused.Message, StringComparison.Ordinal);
    }

    private static string Refusal(WorkerOptions options) => Assert.Throws<FleetException>(() => PlugInLoader.Load(options)).Message;
}
