using Fleet.Cli.Output;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Cli.Output;

public sealed class ScoreOutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;
    private readonly FakeTimeProvider _time = new();

    private string Output => Path.Combine(_folder, "out.jsonl");

    private string Journal => Output + ".journal";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_written_and_what_waits_is_on_disk_a_moment_later_though_no_row_comes()
    {
        await using var output = ScoreOutput.Open(Output, goesOn: false, _time);
        output.Came!(ResultJournalTests.Reward(1));
        output.Came!(ResultJournalTests.Reward(3));
        output.Write(ResultJournalTests.Reward(1));
        Assert.Equal(0, new FileInfo(Output).Length);

        _time.Advance(TimeSpan.FromMilliseconds(100));

        await LinesAsync(Output, 1);
        await LinesAsync(Journal, 1);
    }

    [Fact]
    public async Task A_run_that_goes_on_knows_what_was_written_and_what_waited()
    {
        await using (var killed = ScoreOutput.Open(Output, goesOn: false, _time))
        {
            for (var row = 1; row <= 4; row++) killed.Came!(ResultJournalTests.Reward(row));
            killed.Write(ResultJournalTests.Reward(1));
        }

        await using (var next = ScoreOutput.Open(Output, goesOn: true, _time))
        {
            for (var row = 1; row <= 4; row++)
            {
                var known = next.Finished!(ResultJournalTests.Row(row));
                Assert.NotNull(known);
                next.Write(known);
            }

            Assert.Null(next.Finished!(ResultJournalTests.Row(5)));
            await next.CompleteAsync();
        }

        Assert.Equal(4, (await File.ReadAllLinesAsync(Output)).Length);
        Assert.Equal([Output], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_run_that_begins_anew_forgets_what_another_left()
    {
        foreach (var left in (string[])["", ".resume", ".joined", ".journal"]) await File.WriteAllTextAsync(Output + left, "left");

        await using (var output = ScoreOutput.Open(Output, goesOn: false, _time)) await output.CompleteAsync();

        Assert.Equal([Output], Directory.GetFiles(_folder));
        Assert.Equal(0, new FileInfo(Output).Length);
    }

    [Fact]
    public async Task A_device_gets_no_journal()
    {
        await using var output = ScoreOutput.Open("/dev/null", goesOn: false, _time);

        Assert.Null(output.Came);
        output.Write(ResultJournalTests.Reward(1));
        await output.CompleteAsync();
        Assert.False(File.Exists("/dev/null.journal"));
    }

    private static async Task LinesAsync(string path, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (File.ReadLines(path).Count() < count) await Task.Delay(5, patience.Token);
    }
}
