using System.Text.Json.Nodes;
using Fleet.Contracts.Names;

namespace Fleet.Cli.Configuration;

/// <summary>Which tokenizer reads the token ids of rows whose judge is a model of its own: the actor's, as in the reference, which takes it from the pipeline around the block.</summary>
internal static class ActorTokenizer
{
    private const string Key = "tokenizer_path";

    /// <summary>Adds the actor's model to the block of such a judge; nothing where the block says it, or the file does not.</summary>
    /// <param name="block">The domain's block.</param>
    /// <param name="servedBy">The built-in domain that scores it.</param>
    /// <param name="pipeline">The file.</param>
    public static void AddTo(JsonObject block, string servedBy, YamlTree pipeline)
    {
        if (servedBy != Domains.LlmJudge || block["strategy_args"] is null || block["judge_api_url"] is not null || block["judges"] is not null || block[Key] is not null) return;
        var path = Written(pipeline, "actor_train", "model_args", "model_name_or_path") ?? Written(pipeline, "pretrain");
        if (path is not null) block[Key] = path;
    }

    // A reference is for whoever runs the pipeline: it may lead into another file.
    private static string? Written(YamlTree pipeline, params string[] keys)
    {
        var text = keys.Aggregate((YamlTree?)pipeline, (node, key) => node?.Map?.GetValueOrDefault(key))?.Scalar?.ToString();
        return string.IsNullOrEmpty(text) || text.Contains("${", StringComparison.Ordinal) ? null : text;
    }
}
