using System.Globalization;
using Spectre.Console;

namespace Fleet.Cli.Progress;

/// <summary>The table at the end of a run, on standard error.</summary>
internal static class Summary
{
    public static void Write(Tally tally)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected) console.Profile.Width = 140;
        if (tally.Rows == 0)
        {
            console.WriteLine("The input has no rows.");
            return;
        }

        var seconds = Math.Max(0.001, tally.Elapsed.TotalSeconds);
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var (name, isNumber) in new[] { ("domain", false), ("rows", true), ("scored", true), ("mean score", true), ("rows/s", true), ("unscored, by reason", false) })
        {
            table.AddColumn(new TableColumn(name) { Alignment = isNumber ? Justify.Right : Justify.Left });
        }

        foreach (var (domain, counts) in tally.Domains)
        {
            table.AddRow(
                Markup.Escape(domain),
                Number(counts.Rows),
                Number(counts.Scored),
                counts.Scored == 0 ? "-" : (counts.ScoreSum / counts.Scored).ToString("0.000", CultureInfo.InvariantCulture),
                (counts.Rows / seconds).ToString("N0", CultureInfo.InvariantCulture),
                Markup.Escape(string.Join("; ", counts.Unscored.Select(reason => $"{Number(reason.Value)} {reason.Key}"))));
        }

        console.Write(table);
        foreach (var (domain, counts) in tally.Domains.Where(domain => domain.Value.Spent.Requests > 0)) console.WriteLine(Spent(domain, counts.Spent, seconds));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Rows:N0} rows in {seconds:0.0} s ({tally.Rows / seconds:N0} rows/s); {tally.UnscoredShare:P2} of the valid rows have no score"));
    }

    private static string Spent(string domain, JudgeSpending spent, double seconds)
    {
        var tokens = spent.PromptTokens + spent.AnswerTokens;
        var cost = spent.Cost > 0 ? string.Create(CultureInfo.InvariantCulture, $", cost {spent.Cost:0.0###}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{domain}: {spent.Requests:N0} requests to its judges, {spent.PromptTokens:N0} prompt and {spent.AnswerTokens:N0} answer tokens ({tokens / seconds:N0} tokens/s){cost}");
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
