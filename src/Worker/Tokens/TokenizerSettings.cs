using System.Globalization;
using System.Text.Json;

namespace Fleet.Worker.Tokens;

/// <summary>What the small files beside a vocabulary say: added tokens, which tokens are special, and how decoded text is tidied.</summary>
internal sealed class TokenizerSettings
{
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly Dictionary<string, string> _roles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _special = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _added = new(StringComparer.Ordinal);

    private TokenizerSettings() { }

    /// <summary>Tokens beside the vocabulary: whole texts that are never cut.</summary>
    public IReadOnlyDictionary<string, int> Added => _added;

    /// <summary>Whether the space before a full stop and the like is taken away after decoding.</summary>
    public bool TidiesSpaces { get; private set; }

    /// <summary>tokenizer_config.json, special_tokens_map.json and added_tokens.json of a folder, as far as they exist.</summary>
    public static TokenizerSettings Read(string folder)
    {
        var settings = new TokenizerSettings();
        string configPath = Path.Combine(folder, "tokenizer_config.json");
        var config = TokenizerFiles.JsonObject(configPath);
        settings.TakeRoles(config);
        settings.TakeRoles(TokenizerFiles.JsonObject(Path.Combine(folder, "special_tokens_map.json")));
        settings.TidiesSpaces = TokenizerFiles.Member(config, "clean_up_tokenization_spaces") is { ValueKind: JsonValueKind.True };

        if (TokenizerFiles.Member(config, "added_tokens_decoder") is { ValueKind: JsonValueKind.Object } byId)
        {
            foreach (var entry in byId.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                {
                    throw new TokenizerException($"{configPath} gives an added token the id '{entry.Name}': an id is an integer; get the file again.");
                }

                settings.TakeAdded(entry.Value, id);
            }
        }

        string addedPath = Path.Combine(folder, "added_tokens.json");
        if (TokenizerFiles.JsonObject(addedPath) is { } added && added.EnumerateObject().Any())
        {
            foreach (var (content, id) in TokenizerFiles.Vocabulary(added, addedPath)) settings._added.TryAdd(content, id);
        }

        return settings;
    }

    /// <summary>An entry of added_tokens_decoder, or of added_tokens in tokenizer.json.</summary>
    public void TakeAdded(JsonElement entry, int id)
    {
        if (Content(entry) is not { } content) return;
        _added[content] = id;
        if (TokenizerFiles.Member(entry, "special") is { ValueKind: JsonValueKind.True }) _special.Add(content);
    }

    public void TakeSpecial(string content, int id)
    {
        _added[content] = id;
        _special.Add(content);
    }

    /// <summary>Whether a token marks something and is no text. Where no file says it of any token, what looks like &lt;|endoftext|&gt; does.</summary>
    public bool IsSpecial(string content) => _special.Count > 0
        ? _special.Contains(content)
        : content.Length > 4 && content.StartsWith("<|", StringComparison.Ordinal) && content.EndsWith("|>", StringComparison.Ordinal);

    /// <summary>The token that plays a role such as <c>eos_token</c>.</summary>
    public string? Role(string role) => _roles.GetValueOrDefault(role);

    private void TakeRoles(JsonElement? json)
    {
        foreach (string role in Roles)
        {
            if (TokenizerFiles.Member(json, role) is not { } entry || Content(entry) is not { } content) continue;
            _roles.TryAdd(role, content);
            _special.Add(content);
        }

        if (TokenizerFiles.Member(json, "additional_special_tokens") is not { ValueKind: JsonValueKind.Array } additional) return;
        foreach (var entry in additional.EnumerateArray())
        {
            if (Content(entry) is { } content) _special.Add(content);
        }
    }

    /// <summary>A token is written as its text or as an object with its <c>content</c>.</summary>
    private static string? Content(JsonElement entry) => entry.ValueKind == JsonValueKind.String
        ? entry.GetString()
        : TokenizerFiles.Member(entry, "content") is { ValueKind: JsonValueKind.String } content ? content.GetString() : null;
}
