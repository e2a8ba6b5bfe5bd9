using System.Text.Json;
using Fleet.Cli.Output;
using Fleet.Contracts;
using Fleet.Contracts.Names;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;

namespace Fleet.Unit.Tests.Cli.Output;

public sealed class ResultJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    private string Journal => Path.Combine(_folder, "out.jsonl.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("{\"id\":9,\"line\":9,\"sta")]
    [InlineData("\0\0\0\0")]
    public void What_waited_for_its_turn_is_found_by_the_next_run_whatever_the_last_line_looks_like(string last)
    {
        using (var journal = ResultJournal.Open(Journal, goesOn: false))
        {
            journal.Came(Reward(2));
            journal.Came(Reward(3));
            journal.Came(Reward(4, RowStatus.Failed));
            journal.Written([2]);
            journal.Note();
            journal.Came(Reward(5));
        }

        File.AppendAllText(Journal, last);
        using var next = ResultJournal.Open(Journal, goesOn: true);

        // Row 2 is in the output, row 4 is to be scored again, and row 5 was not noted yet.
        Assert.Equal([3], Enumerable.Range(1, 9).Where(row => next.Find(Row(row)) is not null));
    }

    [Fact]
    public void A_result_comes_back_as_it_was_before_it_was_shaped()
    {
        using (var journal = ResultJournal.Open(Journal, goesOn: false))
        {
            journal.Came(Reward(7));
            journal.Note();
        }

        using var next = ResultJournal.Open(Journal, goesOn: true);

        Assert.Equal(Reward(7).Outcome, next.Find(Row(7))!.Outcome);
    }

    [Fact]
    public void What_was_found_is_kept_until_it_is_written()
    {
        using (var journal = ResultJournal.Open(Journal, goesOn: false))
        {
            for (var row = 1; row <= 3; row++) journal.Came(Reward(row));
            journal.Note();
        }

        using (var killed = ResultJournal.Open(Journal, goesOn: true)) Assert.NotNull(killed.Find(Row(1)));
        using (var another = ResultJournal.Open(Journal, goesOn: true))
        {
            Assert.NotNull(another.Find(Row(1)));
            another.Forget(Row(2));
        }

        using var last = ResultJournal.Open(Journal, goesOn: true);
        Assert.NotNull(last.Find(Row(1)));
        Assert.NotNull(last.Find(Row(3)));
    }

    [Fact]
    public void The_file_stays_as_small_as_what_waits()
    {
        using var journal = ResultJournal.Open(Journal, goesOn: false);
        // Row 1 waits all the time, and a thousand others at once.
        for (var round = 0; round < 40; round++)
        {
            var rows = Enumerable.Range(1 + (round * 1000), 1000).ToArray();
            foreach (var row in rows) journal.Came(Reward(row));
            journal.Note();
            journal.Written(rows.Where(row => row > 1).Select(row => (long)row));
        }

        journal.Note();
        Assert.InRange(File.ReadLines(Journal).Count(), 1, 7_000);
        Assert.StartsWith("{\"id\":1,", File.ReadLines(Journal).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_begins_anew_finds_nothing_and_one_of_another_input_is_refused()
    {
        using (var journal = ResultJournal.Open(Journal, goesOn: false))
        {
            journal.Came(Reward(1));
            journal.Note();
        }

        using (var other = ResultJournal.Open(Journal, goesOn: true))
        {
            var foreign = Fleet.Dispatcher.Rollouts.Row.Of(1, JsonSerializer.SerializeToElement(new { id = "other" }), 10, int.MaxValue);
            Assert.Contains("of another input", Assert.Throws<FleetException>(() => other.Find(foreign)).Message, StringComparison.Ordinal);
        }

        using var anew = ResultJournal.Open(Journal, goesOn: false);
        Assert.Null(anew.Find(Row(1)));
    }

    [Fact]
    public void A_journal_that_holds_nothing_leaves_nothing()
    {
        using (ResultJournal.Open(Journal, goesOn: false)) Assert.True(File.Exists(Journal));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    internal static Row Row(int row) => Fleet.Dispatcher.Rollouts.Row.Of(row, JsonSerializer.SerializeToElement(new { id = row, response = "x" }), 10, int.MaxValue);

    internal static RowReward Reward(int row, RowStatus status = RowStatus.Scored) => new()
    {
        Row = Row(row),
        Domain = "math_rule",
        Outcome = new RowOutcome
        {
            Status = status,
            Score = 1,
            Reward = 0.5,
            Reason = "equal",
            Detail = """{"a":[1.50]}""",
            Components = """{"format":0.25}""",
            Rank = 3,
            Milliseconds = 1.5,
        },
    };
}
