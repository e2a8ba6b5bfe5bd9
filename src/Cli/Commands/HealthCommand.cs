using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fleet.Contracts;

namespace Fleet.Cli.Commands;

/// <summary><c>fleet health</c>: whether a gateway or a worker can do its work now, as an exit code. What containers are checked with.</summary>
internal static class HealthCommand
{
    private const string DefaultAddress = "127.0.0.1:8080";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var address = new Argument<string>("ADDRESS")
        {
            Description = $"Host and port of a gateway, or of a worker that was started with --health. Default: {DefaultAddress}.",
            DefaultValueFactory = _ => DefaultAddress,
        };
        var whole = new Option<bool>("--whole") { Description = "Content only with 'ok': a gateway some of whose domains have no worker is 'degraded'." };
        var wait = new Option<double>("--wait") { Description = "Ask again for this long before giving up. Default: 0.", HelpName = "SECONDS" };
        var command = new Command("health", "Ask a gateway or a worker whether it can do its work: exit code 0 if so, 1 if not.") { address, whole, wait };
        command.SetAction((parsed, cancellation) =>
            AskAsync(Address(parsed.GetValue(address)!), parsed.GetValue(whole), TimeSpan.FromSeconds(parsed.GetValue(wait)), cancellation));
        return command;
    }

    private static async Task<int> AskAsync(Uri address, bool whole, TimeSpan wait, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Patience };
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (isWell, said) = await AskOnceAsync(client, address, whole, cancellation);
            if (isWell || TimeProvider.System.GetElapsedTime(start) >= wait)
            {
                await (isWell ? Console.Out : Console.Error).WriteLineAsync(said);
                return isWell ? ExitCode.Done : ExitCode.Failed;
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static async Task<(bool IsWell, string Said)> AskOnceAsync(HttpClient client, Uri address, bool whole, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(address, cancellation);
            var said = await answer.Content.ReadAsStringAsync(cancellation);
            return (answer.IsSuccessStatusCode && (!whole || IsOk(said)), said);
        }
        catch (HttpRequestException silent)
        {
            return (false, string.Create(CultureInfo.InvariantCulture, $"fleet: nothing answers at {address}: {silent.Message}"));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (false, string.Create(CultureInfo.InvariantCulture, $"fleet: no answer from {address} within {Patience.TotalSeconds} s."));
        }
    }

    private static bool IsOk(string said)
    {
        try
        {
            using var json = JsonDocument.Parse(said);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("status", out var status) && status.ValueEquals("ok"u8);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new Uri(address, "/v1/health")
            : throw new FleetException($"'{text}' is no address to ask; expected is one such as {DefaultAddress} or https://gateway.example.");
}
