using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Fleet.Worker.Tokens;

/// <summary>Byte-level BPE: <c>tokenizer.json</c>, or <c>vocab.json</c> with <c>merges.txt</c>.</summary>
internal static class ByteLevelVocabulary
{
    /// <summary>vocab.json and merges.txt of a folder.</summary>
    public static Vocabulary ReadFiles(string folder)
    {
        string path = Path.Combine(folder, "vocab.json"), mergesPath = Path.Combine(folder, "merges.txt");
        var entries = TokenizerFiles.Vocabulary(TokenizerFiles.JsonObject(path)!.Value, path);
        string[] merges = [.. Encoding.UTF8.GetString(TokenizerFiles.Bytes(mergesPath)).Split('\n')
            .Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))];
        return Of(path, entries, merges, [SplitPatterns.Gpt2], addsPrefixSpace: false);
    }

    /// <summary>tokenizer.json; its added tokens go into the settings.</summary>
    public static Vocabulary ReadJson(string path, TokenizerSettings settings)
    {
        var json = TokenizerFiles.JsonObject(path)!.Value;
        var model = TokenizerFiles.Member(json, "model");
        string? type = Text(TokenizerFiles.Member(model, "type")) ?? (TokenizerFiles.Member(model, "merges") is null ? null : "BPE");
        if (type != "BPE")
        {
            throw new TokenizerException(
                $"{path} holds a model of type '{type}': byte-level BPE is read from this file, and SentencePiece from tokenizer.model; put that file beside it and take this one away.");
        }

        if (TokenizerFiles.Member(json, "added_tokens") is { ValueKind: JsonValueKind.Array } added)
        {
            foreach (var entry in added.EnumerateArray())
            {
                if (TokenizerFiles.Member(entry, "id") is { ValueKind: JsonValueKind.Number } id && id.TryGetInt32(out int number)) settings.TakeAdded(entry, number);
            }
        }

        var entries = TokenizerFiles.Vocabulary(TokenizerFiles.Member(model, "vocab") ?? default, path);
        if (!Components(json, "decoder").Exists(part => Text(TokenizerFiles.Member(part, "type")) == "ByteLevel")) return Spaced(path, entries, json);

        var splits = Components(json, "pre_tokenizer");
        var byteLevel = splits.Find(part => Text(TokenizerFiles.Member(part, "type")) == "ByteLevel");
        List<string> patterns = [.. splits.Select(part => Text(TokenizerFiles.Member(TokenizerFiles.Member(part, "pattern"), "Regex"))).OfType<string>()];
        if (byteLevel.ValueKind == JsonValueKind.Object && TokenizerFiles.Member(byteLevel, "use_regex") is not { ValueKind: JsonValueKind.False })
        {
            patterns.Add(SplitPatterns.Gpt2);
        }

        bool addsPrefixSpace = TokenizerFiles.Member(byteLevel, "add_prefix_space") is { ValueKind: JsonValueKind.True };
        return Of(path, entries, Merges(model!.Value, path), patterns, addsPrefixSpace);
    }

    private static Vocabulary Of(string source, Dictionary<string, int> entries, IReadOnlyList<string> merges, IReadOnlyList<string> patterns, bool addsPrefixSpace) =>
        new(source, [.. entries.Select(entry => new VocabularyEntry(entry.Key, entry.Value, ByteAlphabet.Bytes(entry.Key)))], false, settings =>
        {
            var added = settings.Added.ToDictionary(StringComparer.Ordinal);
            foreach (var (text, id) in entries)
            {
                if (settings.IsSpecial(text)) added[text] = id;
            }

            var tokenizer = BpeTokenizer.Create(new BpeOptions(entries)
            {
                Merges = merges,
                ByteLevel = true,
                SpecialTokens = added,
                PreTokenizer = new SplitInTurn([.. patterns.Select(pattern => SplitPatterns.Compile(pattern, source))], added),
            });
            return text => tokenizer.EncodeToIds(addsPrefixSpace && text.Length > 0 && !char.IsWhiteSpace(text[0]) ? " " + text : text);
        });

    /// <summary>BPE that writes a space as U+2581 and rare bytes as &lt;0x0A&gt;, as Llama 2 does.</summary>
    private static Vocabulary Spaced(string path, Dictionary<string, int> entries, JsonElement json)
    {
        bool dropsSpace = Components(json, "decoder").Exists(part =>
            Text(TokenizerFiles.Member(part, "type")) is "Strip" or "Metaspace");
        return new Vocabulary(path, [.. entries.Select(entry => new VocabularyEntry(entry.Key, entry.Value, SpacedPieces.Bytes(entry.Key, true)))], dropsSpace,
            _ => throw new TokenizerException($"{path} can decode ids and not encode text: put the model's tokenizer.model beside it and take this file away."));
    }

    /// <summary>A part of the pipeline, or the parts of a sequence of them.</summary>
    private static List<JsonElement> Components(JsonElement json, string name)
    {
        if (TokenizerFiles.Member(json, name) is not { } component) return [];
        var parts = TokenizerFiles.Member(component, "pretokenizers") ?? TokenizerFiles.Member(component, "decoders");
        return parts is { ValueKind: JsonValueKind.Array } sequence ? [.. sequence.EnumerateArray()] : [component];
    }

    private static List<string> Merges(JsonElement model, string path)
    {
        var merges = new List<string>();
        if (TokenizerFiles.Member(model, "merges") is not { ValueKind: JsonValueKind.Array } pairs) return merges;
        foreach (var pair in pairs.EnumerateArray())
        {
            merges.Add(pair.ValueKind switch
            {
                JsonValueKind.String => pair.GetString()!,
                JsonValueKind.Array when pair.GetArrayLength() == 2 && Text(pair[0]) is { } left && Text(pair[1]) is { } right => $"{left} {right}",
                _ => throw new TokenizerException($"{path} has the merge {pair.GetRawText()}: a merge is two tokens; get the file again."),
            });
        }

        return merges;
    }

    private static string? Text(JsonElement? json) => json is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
