using Fleet.Worker.Judging;

namespace Fleet.Integration.Tests.Judging;

/// <summary>What a configuration says of a judge.</summary>
public sealed class JudgeSetupTests : JudgeTestBed
{
    [Theory]
    [InlineData("""{}""", "judge_model_name is missing: the name of the judge's model at its endpoint.")]
    [InlineData("""{"judge_model_name":"m"}""", "judge_api_url is missing: where the judge answers, such as http://localhost:8000/v1.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"ftp://x"}""", "judge_api_url is 'ftp://x'; expected is an address such as http://localhost:8000/v1.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_timeout_s":0}""", "judge_timeout_s is 0; expected is above 0 and at most a day.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_samples":1.5}""", "judge_samples is 1.5; expected is a whole number of 1 or more.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_prompt":"nice"}""", "judge_prompt is 'nice'; known are Qwen2.5-7B-Instruct-RLVR-prompt, default, rubric, pairwise and file:PATH.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_api_key":"env:FLEET_NO_SUCH_KEY"}""", "The judge's key is in the environment variable FLEET_NO_SUCH_KEY, which is not set on this machine.")]
    [InlineData("""{"judge_model_name":"m","judge_api_url":"http://x","judge_prompt":"rubric"}""", "A rubric has at least one criterion, each with a weight above 0.")]
    public void Settings_that_cannot_work_say_so_at_once(string settings, string message) =>
        Assert.Equal(message, Assert.Throws<JudgeSetupException>(() => Judge(settings)).Message);

    [Fact]
    public async Task Templates_and_keys_come_from_files()
    {
        var folder = Directory.CreateTempSubdirectory();
        var template = Path.Combine(folder.FullName, "mine.txt");
        var key = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(template, "parser: number\nscale: 1 5\n---\nRate {response} for {question}");
        await File.WriteAllTextAsync(key, "sk-file\n");
        await using var server = await ScriptedJudge.SayingAsync("Score: 4");
        await using var judge = Judge($$"""{"judge_model_name":"m","judge_api_url":"{{server.Url}}","judge_prompt":"file:{{template}}","judge_api_key":"file:{{key}}"}""");
        Assert.Equal(0.75, (await ScoreAsync(judge)).Score!.Score);
        Assert.Equal("Bearer sk-file", server.Requests.Single().Authorization);
        folder.Delete(recursive: true);
    }
}
