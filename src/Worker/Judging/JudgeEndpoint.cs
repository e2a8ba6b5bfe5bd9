namespace Fleet.Worker.Judging;

/// <summary>Where a judge answers.</summary>
/// <param name="Url">The base of the API, without <c>/chat/completions</c>; its query goes with every request.</param>
/// <param name="Key">The key for it; null when it needs none.</param>
public sealed record JudgeEndpoint(Uri Url, JudgeKey? Key)
{
    private const string Operation = "/chat/completions";

    /// <summary>Where a chat is sent.</summary>
    public Uri ChatUrl { get; } = new UriBuilder(Url) { Path = Url.AbsolutePath.TrimEnd('/') + Operation }.Uri;

    /// <summary>The base address that a setting names, with or without the operation.</summary>
    /// <exception cref="JudgeSetupException">It is no http address.</exception>
    public static Uri Address(string setting)
    {
        if (!Uri.TryCreate(setting.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new JudgeSetupException($"judge_api_url is '{setting}'; expected is an address such as http://localhost:8000/v1.");
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(Operation, StringComparison.OrdinalIgnoreCase)) path = path[..^Operation.Length];
        return new UriBuilder(url) { Path = path, Fragment = "" }.Uri;
    }
}
