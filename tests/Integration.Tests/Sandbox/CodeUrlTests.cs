using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Integration.Tests.Cli;

namespace Fleet.Integration.Tests.Sandbox;

/// <summary>The setting <c>code_url</c> through the real command: programs go to the server, and no engine is asked.</summary>
public sealed class CodeUrlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_run_with_code_url_sends_its_programs_there()
    {
        using var server = new ScriptedServer(request => (string)request["stdin"]! == "busy"
            ? null
            : $$$"""{"status":"Success","message":"","run_result":{"status":"Finished","execution_time":0.1,"return_code":0,"stdout":"{{{request["stdin"]}}}","stderr":""}}""");
        var config = Write("fleet.yaml", $"""
            rewards:
              code_sandbox:
                code_url: {server.Url}
            sandbox:
              engine: unix:///nonexistent.sock
            """);
        var rows = Write("rows.jsonl", string.Concat(Row("a", "1", "1"), Row("b", "2", "3"), Row("c", "busy", "4")));
        var (exit, output, errors) = await FleetProcess.RunAsync("score", rows, "--config", config, "--max-unscored", "100");

        var results = output.Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["scored", "scored", "failed"], results.Select(row => (string)row["status"]!));
        Assert.Equal([1.0, 0.0, null], results.Select(row => (double?)row["score"]));
        Assert.Contains("code_url", (string)results[2]["reason"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("code_url", errors, StringComparison.Ordinal);
        Assert.Equal(0, exit);
    }

    private static string Row(string id, string stdin, string expected) => new JsonObject
    {
        ["id"] = id,
        ["domain"] = "code_sandbox",
        ["response"] = "```python\nprint(input())\n```",
        ["test_cases"] = new JsonArray(new JsonObject { ["stdin"] = stdin, ["expected_stdout"] = expected }),
    }.ToJsonString() + "\n";

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A server that answers what it is told to; where it is told nothing, with an error.</summary>
    private sealed class ScriptedServer : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Func<JsonNode, string?> _answer;

        public ScriptedServer(Func<JsonNode, string?> answer)
        {
            _answer = answer;
            using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}/run_code";
            socket.Stop();
            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _ = ServeAsync();
        }

        public string Url { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var answer = _answer((await JsonNode.ParseAsync(context.Request.InputStream))!);
                    context.Response.StatusCode = answer is null ? 500 : 200;
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer ?? "no"));
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}
