using Fleet.Worker.Judging;

namespace Fleet.Unit.Tests.Worker.Judging;

public class JudgeEndpointTests
{
    [Theory]
    [InlineData("http://judge:8000/v1", "http://judge:8000/v1/chat/completions")]
    [InlineData("http://judge:8000/v1/", "http://judge:8000/v1/chat/completions")]
    [InlineData("http://judge:8000/v1/chat/completions", "http://judge:8000/v1/chat/completions")]
    [InlineData("http://judge", "http://judge/chat/completions")]
    [InlineData("https://gw/chat/v1", "https://gw/chat/v1/chat/completions")]
    [InlineData("https://gw/openai/deployments/a%20b?api-version=2024-10-21", "https://gw/openai/deployments/a%20b/chat/completions?api-version=2024-10-21")]
    [InlineData("https://gw/v1/chat/completions?api-version=1#part", "https://gw/v1/chat/completions?api-version=1")]
    public void A_chat_goes_to_the_operation_below_the_base(string setting, string url) =>
        Assert.Equal(url, new JudgeEndpoint(JudgeEndpoint.Address(setting), null).ChatUrl.AbsoluteUri);

    [Theory]
    [InlineData("judge:8000/v1")]
    [InlineData("ftp://judge/v1")]
    [InlineData("")]
    public void What_is_no_http_address_is_refused(string setting) =>
        Assert.Equal($"judge_api_url is '{setting}'; expected is an address such as http://localhost:8000/v1.", Assert.Throws<JudgeSetupException>(() => JudgeEndpoint.Address(setting)).Message);

    [Fact]
    public void What_an_endpoint_asked_for_is_not_cut_short_by_what_it_asks_later()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var route = new EndpointRoute(0, new JudgeEndpoint(new Uri("http://judge/v1"), null), TimeSpan.FromSeconds(60), time);
        var start = time.GetUtcNow();
        route.WaitUntil(start.AddSeconds(30));
        route.WaitUntil(start);
        Assert.Equal(start.AddSeconds(30), route.ReadyAt);
        route.WaitUntil(start.AddSeconds(60));
        Assert.Equal(start.AddSeconds(60), route.ReadyAt);
    }
}
