using System.Net;
using System.Text.Json;
using Fleet.Rewards;
using Fleet.Worker.Sandbox;

namespace Fleet.Integration.Tests.Sandbox;

/// <summary>SandboxFusion's run_code, as a service of ours and as a client of one.</summary>
[Collection(SlotsCollection.Name)]
public sealed class RunCodeTests : IAsyncLifetime
{
    private readonly DockerSandbox _sandbox = new(new SandboxOptions { Slots = 2, EnginePatienceSeconds = 5 }, TimeProvider.System);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    /// <summary>Requests as verl's client and ROLL's write them, and what a SandboxFusion server answers to them.</summary>
    public static TheoryData<string, string, string?, int?, string?> Requests => new()
    {
        { """{"compile_timeout": 10, "run_timeout": 10, "code": "print(input())", "stdin": "x", "memory_limit_MB": 1024, "language": "python", "files": {}, "fetch_files": []}""", "Success", "Finished", 0, "x\n" },
        { """{"compile_timeout": 10, "run_timeout": 10, "code": "import sys\nsys.exit(3)", "stdin": null, "memory_limit_MB": 1024, "language": "python", "files": {}, "fetch_files": []}""", "Failed", "Finished", 3, "" },
        { """{"compile_timeout": 1, "run_timeout": 1, "code": "print('a', flush=True)\nwhile True: pass", "stdin": null, "memory_limit_MB": 1024, "language": "python", "files": {}, "fetch_files": []}""", "Failed", "TimeLimitExceeded", null, "a\n" },
        { """{"compile_timeout": 10, "run_timeout": 10, "code": "def f(:", "stdin": null, "memory_limit_MB": 1024, "language": "python", "files": {}, "fetch_files": []}""", "Failed", "Finished", 1, "" },
        { """{"compile_timeout": 30, "run_timeout": 30, "code": "print('s')", "language": "python3", "stdin": "", "expected_stdout": "s"}""", "Success", "Finished", 0, "s\n" },
        { """{"compile_timeout": 30, "run_timeout": 30, "code": "console.log(1)", "language": "javascript", "stdin": "", "expected_stdout": "1"}""", "Success", "Finished", 0, "1\n" },
        { """{"compile_timeout": 30, "run_timeout": 30, "code": "#include <iostream>\nint main() { std::cout << 7; }", "language": "cpp", "stdin": "", "memory_limit_MB": -1}""", "Success", "Finished", 0, "7" },
        { """{"compile_timeout": 30, "run_timeout": 10, "code": "int main() { return x; }", "language": "cpp"}""", "Failed", null, null, "" },
        { """{"code": "cat data/in.txt", "language": "bash", "files": {"data/in.txt": "aGVsbG8=", "none": null}}""", "Success", "Finished", 0, "hello" },
        { """{"code": "def test_one():\n    assert 1 + 1 == 3", "language": "pytest", "expected_stdout": ""}""", "Failed", "Finished", 1, null },
        { """{"code": "x", "language": "cobol"}""", "SandboxError", null, null, "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_of_a_trainer_gets_the_status_it_expects(string json, string status, string? step, int? code, string? stdout)
    {
        var request = JsonSerializer.Deserialize<RunCodeRequest>(json)!;
        var answer = await _sandbox.RunCodeAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.Status);
        Assert.Equal(step, answer.RunResult?.Status);
        Assert.Equal(code, answer.RunResult?.ReturnCode);
        if (stdout is not null) Assert.Equal(stdout, answer.RunResult?.Stdout ?? "");
        Assert.Equal(request.Language == "cpp", answer.CompileResult is not null);
    }

    [Fact]
    public async Task Files_that_were_asked_for_come_back_and_no_link_leads_elsewhere()
    {
        var answer = await _sandbox.RunCodeAsync(new RunCodeRequest
        {
            Code = "import os\nopen('made.txt', 'w').write('made')\nos.symlink('/proc/1/environ', 'link')\nos.symlink('/proc/1', 'folder')",
            Language = "python",
            FetchFiles = ["made.txt", "link", "folder/environ", "missing"],
        }, TestContext.Current.CancellationToken);
        Assert.Equal(RunCodeResult.Success, answer.Status);
        Assert.Equal("bWFkZQ==", Assert.Single(answer.Files).Value);
    }

    [Fact]
    public void A_request_without_code_or_language_cannot_be_read()
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RunCodeRequest>("""{"language": "python"}"""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RunCodeRequest>("""{"code": "x"}"""));
    }

    [Fact]
    public async Task A_server_behind_code_url_scores_as_the_slots_do_and_hacks_fail_there_too()
    {
        using var server = new RunCodeServer(_sandbox);
        using var remote = new RemoteCodeSandbox(new HttpClientHandler(), server.Url, TimeProvider.System);
        var scorer = new CodeScorer(remote);
        var rows = new List<(string Name, Rollout Row, double Wanted)>
        {
            ("honest", Rows.Honest(3), 1),
            ("wrong", Rows.Attack("print('x')"), 0),
            ("endless", Rows.Attack("while True: pass"), 0),
            ("assert", Rows.Tested(Hacks.Solution, "assert", Hacks.AssertCode), 1),
            ("check", Rows.Tested(Hacks.Solution, "check_based", Hacks.CheckCode), 1),
            ("text", Rows.Tested("x", "text", "assert 'x' in {response}"), 1),
            ("call", Rows.Called("def f(a, b):\n    print('noise')\n    return [a, b]", "f", "1\n\"x\"", "[1, \"x\"]"), 1),
            ("call missing", Rows.Called("def g(): pass", "f", "1", "1"), 0),
        };
        rows.AddRange(Hacks.Python.Select(hack => (hack.Key, Rows.Tested(hack.Value, "assert", Hacks.AssertCode), 0.0)));
        var outcomes = await Task.WhenAll(rows.Select(row => scorer.ScoreAsync(row.Row, RewardSettings.Default, TestContext.Current.CancellationToken)));
        var wrong = rows.Zip(outcomes).Where(pair => pair.Second.Score?.Score != pair.First.Wanted).Select(pair => $"{pair.First.Name}: {pair.Second.Score?.Score} {pair.Second.Score?.Reason} {pair.Second.Failure?.Message}");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_a_failure_and_no_score()
    {
        using var remote = new RemoteCodeSandbox(new HttpClientHandler(), new Uri("http://127.0.0.1:9/run_code"), TimeProvider.System);
        var scorer = new CodeScorer(remote);
        var outcome = await scorer.ScoreAsync(Rows.Honest(1), RewardSettings.Default, TestContext.Current.CancellationToken);
        Assert.Null(outcome.Score);
        Assert.Contains("code_url", outcome.Failure!.Remedy, StringComparison.Ordinal);
    }

    /// <summary>The smallest server that speaks run_code.</summary>
    private sealed class RunCodeServer : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ICodeSandbox _sandbox;

        public RunCodeServer(ICodeSandbox sandbox)
        {
            _sandbox = sandbox;
            Url = new Uri($"http://127.0.0.1:{FreePort()}/run_code");
            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _ = ServeAsync();
        }

        public Uri Url { get; }

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                _ = AnswerAsync(context);
            }
        }

        private async Task AnswerAsync(HttpListenerContext context)
        {
            var request = await JsonSerializer.DeserializeAsync<RunCodeRequest>(context.Request.InputStream);
            var answer = await _sandbox.RunCodeAsync(request!, CancellationToken.None);
            await JsonSerializer.SerializeAsync(context.Response.OutputStream, answer);
            context.Response.Close();
        }

        private static int FreePort()
        {
            using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            return ((IPEndPoint)socket.LocalEndpoint).Port;
        }
    }
}
