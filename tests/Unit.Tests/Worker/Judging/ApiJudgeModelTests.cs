using System.Net;
using Fleet.Integration.Tests.Judging;
using Fleet.Rewards.Judge;
using Fleet.Worker.Judging;

namespace Fleet.Unit.Tests.Worker.Judging;

/// <summary>What a request to a judge costs its account, and when.</summary>
public sealed class ApiJudgeModelTests : IAsyncDisposable
{
    private static readonly TimeSpan Retries = TimeSpan.FromSeconds(40);

    private readonly SignallingTime _time = new();
    private readonly WatchedBudget _budget = new();

    public ValueTask DisposeAsync() => _budget.DisposeAsync();

    private ApiJudgeModel Model(ScriptedTransport transport, int attempts = 6, int? mostTokens = 100, WatchedBudget? budget = null) => new(
        new JudgeOptions { Name = "j", Model = "m", Endpoints = [new JudgeEndpoint(new Uri("https://gw/chat/v1"), null)], Attempts = attempts, MaxTokens = mostTokens, Temperature = 0 },
        budget ?? _budget, _time, new Random(1), transport);

    private Task<JudgeReply> AskAsync(ApiJudgeModel model, bool firstToken = false) =>
        _time.DriveAsync(model.AskAsync(new JudgeQuestion([new JudgeMessage("user", new string('x', 300))], 1, firstToken, null), CancellationToken.None), Retries);

    [Fact]
    public async Task Every_attempt_takes_its_permit_when_it_leaves()
    {
        List<TimeSpan> taken = [], sent = [];
        _budget.Asked = () => taken.Add(_time.Elapsed);
        var transport = ScriptedTransport.Of(number =>
        {
            sent.Add(_time.Elapsed);
            return number switch { 0 => ScriptedTransport.Status(500), 1 => ScriptedTransport.Status(429, retryAfter: 30), _ => ScriptedTransport.Says("YES") };
        });
        await using var model = Model(transport);

        Assert.Equal("YES", (await AskAsync(model)).Answer?.Text);

        Assert.Equal(sent, taken);
        Assert.Equal(3, sent.Count);
        Assert.True(sent[1] > sent[0]);
        Assert.InRange((sent[2] - sent[1]).TotalSeconds, 30, 32);
    }

    [Fact]
    public async Task Nothing_leaves_without_a_permit()
    {
        var frugal = new WatchedBudget(isGenerous: false);
        var transport = ScriptedTransport.Of(_ => ScriptedTransport.Says("YES"));
        await using var model = Model(transport, budget: frugal);
        List<Task<JudgeReply>> asking = [.. Enumerable.Range(0, 3).Select(_ => AskAsync(model))];
        for (var sent = 0; sent < 3; sent++)
        {
            Assert.Equal(3, frugal.Taken.Count);
            Assert.Equal(sent, transport.Requests.Count);
            frugal.LetOneGo();
            await Task.WhenAny(asking);
            asking.RemoveAll(asked => asked.IsCompleted);
        }

        Assert.Equal(3, transport.Requests.Count);
    }

    [Fact]
    public async Task A_permit_that_comes_when_the_endpoint_asks_to_wait_is_not_kept_for_later()
    {
        var frugal = new WatchedBudget(isGenerous: false);
        var transport = ScriptedTransport.Of(number => number == 0 ? ScriptedTransport.Status(429, retryAfter: 30) : ScriptedTransport.Says("YES"));
        await using var model = Model(transport, attempts: 1, budget: frugal);
        var (first, second) = (AskAsync(model), AskAsync(model));
        frugal.LetOneGo();
        Assert.Equal(JudgeFaults.RateLimited, (await first).Fault.Code);

        var again = new TaskCompletionSource();
        frugal.Asked = again.SetResult;
        frugal.LetOneGo();
        await again.Task;
        Assert.Equal(frugal.Taken[1], frugal.GivenBack);
        Assert.InRange(_time.Elapsed.TotalSeconds, 30, 31);
        Assert.Single(transport.Requests);
        frugal.LetOneGo();
        Assert.Equal("YES", (await second).Answer?.Text);
    }

    [Theory]
    [InlineData(40, 160)]
    [InlineData(300, -100)]
    [InlineData(null, 0)]
    public async Task What_the_judge_counts_takes_the_place_of_what_was_expected(int? used, long back)
    {
        await using var model = Model(ScriptedTransport.Of(_ => ScriptedTransport.Says("YES", used)));
        var reply = await AskAsync(model);
        Assert.Equal([200], _budget.Taken);
        Assert.Equal(back, _budget.GivenBack);
        Assert.Equal(used ?? 0, reply.Usage.PromptTokens + reply.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Attempts_that_were_sent_stay_charged_however_they_ended()
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        var transport = new ScriptedTransport(number => number switch
        {
            0 => never.Task,
            1 => Task.FromResult(ScriptedTransport.Status(503)),
            2 => Task.FromException<HttpResponseMessage>(new HttpRequestException("cut")),
            _ => Task.FromResult(ScriptedTransport.Says("YES", 150)),
        });
        await using var model = Model(transport);
        var reply = await _time.DriveAsync(model.AskAsync(new JudgeQuestion([new JudgeMessage("user", new string('x', 300))], 1, false, null), CancellationToken.None), TimeSpan.FromSeconds(60));
        Assert.Equal("YES", reply.Answer?.Text);
        Assert.Equal([200, 200, 200, 200], _budget.Taken);
        Assert.Equal(50, _budget.GivenBack);
        Assert.Equal(4, reply.Usage.Requests);
    }

    [Fact]
    public async Task An_open_circuit_sends_nothing_and_costs_nothing()
    {
        await using var model = Model(ScriptedTransport.Of(_ => throw new HttpRequestException("nobody there")), attempts: 1);
        for (var i = 0; i < 20; i++) Assert.Equal(1, (await AskAsync(model)).Usage.Requests);

        var resting = await AskAsync(model);

        Assert.Equal(JudgeFaults.Unavailable, resting.Fault.Code);
        Assert.Equal(0, resting.Usage.Requests);
        Assert.Contains("gw is resting after too many failures", resting.Fault.Sentence, StringComparison.Ordinal);
        Assert.Equal(_budget.Taken[^1], _budget.GivenBack);
    }

    [Fact]
    public async Task Every_attempt_goes_to_the_same_address()
    {
        var transport = ScriptedTransport.Of(number => number == 0 ? ScriptedTransport.Status(500) : ScriptedTransport.Says("YES"));
        await using var model = Model(transport);
        await AskAsync(model);
        Assert.Equal(["https://gw/chat/v1/chat/completions", "https://gw/chat/v1/chat/completions"], transport.Requests.Select(request => request.Url.AbsoluteUri));
    }

    [Fact]
    public async Task An_endpoint_that_was_too_slow_for_itself_has_not_turned_the_request_down()
    {
        await using var model = Model(ScriptedTransport.Of(_ => ScriptedTransport.Status(408)), attempts: 2);
        var reply = await AskAsync(model);
        Assert.Equal(JudgeFaults.Unavailable, reply.Fault.Code);
        Assert.Equal(2, reply.Usage.Requests);
    }

    [Fact]
    public async Task A_damaged_body_is_tried_again()
    {
        await using var model = Model(ScriptedTransport.Of(number => number == 0
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new System.IO.Compression.GZipStream(new MemoryStream([31, 139, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), System.IO.Compression.CompressionMode.Decompress)) }
            : ScriptedTransport.Says("YES")));
        var reply = await AskAsync(model);
        Assert.Equal("YES", reply.Answer?.Text);
        Assert.Equal(2, reply.Usage.Requests);
    }

    [Fact]
    public async Task Who_needs_the_first_token_asks_for_one()
    {
        var transport = ScriptedTransport.Of(_ => ScriptedTransport.Says("YES"));
        await using var model = Model(transport, mostTokens: 512);
        await AskAsync(model, firstToken: true);
        Assert.Equal(1, (int)(transport.Requests[0].Body["max_completion_tokens"] ?? transport.Requests[0].Body["max_tokens"])!);
        Assert.Equal([101], _budget.Taken);
    }
}
