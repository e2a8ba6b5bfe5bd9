using System.Buffers;
using System.Text.Json;
using Fleet.Worker.Tokens;

namespace Fleet.Worker.Models.Chat;

/// <summary>How a model wants a conversation spelled: the two forms that the Qwen and Llama families use.</summary>
/// <remarks>
/// A folder's chat template is a program in a language of its own. It is not run: which form it has is seen from the
/// tokens that it names. What a message says is encoded as text, so a message that spells a special token does not make one.
/// </remarks>
public sealed class ChatFormat
{
    private readonly TokenizerFolder _tokenizer;
    private readonly bool _isLlama;
    private readonly string? _system;
    private readonly bool _thinks;
    private readonly SearchValues<string> _names;

    private ChatFormat(TokenizerFolder tokenizer, bool isLlama, string? system, bool thinks)
    {
        _tokenizer = tokenizer;
        _isLlama = isLlama;
        _system = system;
        _thinks = thinks;
        _names = SearchValues.Create([.. tokenizer.NamedIds.Keys.Where(name => name.Length > 1)], StringComparison.Ordinal);
    }

    /// <summary>The form of a folder's template.</summary>
    /// <exception cref="ModelException">The template has another form, or there is none.</exception>
    public static ChatFormat Of(string folder, TokenizerFolder tokenizer)
    {
        var template = Template(folder) ?? "";
        bool Has(string token) => tokenizer.NamedIds.ContainsKey(token);
        if (Has("<|im_start|>") && Has("<|im_end|>") && (template.Length == 0 || template.Contains("<|im_start|>", StringComparison.Ordinal)))
        {
            // What the family says of itself when nobody else says who it is.
            string[] defaults = ["You are Qwen, created by Alibaba Cloud. You are a helpful assistant.", "You are a helpful assistant."];
            return new ChatFormat(tokenizer, isLlama: false, defaults.FirstOrDefault(text => template.Contains(text, StringComparison.Ordinal)), template.Contains("enable_thinking", StringComparison.Ordinal));
        }

        if (Has("<|start_header_id|>") && Has("<|end_header_id|>") && Has("<|eot_id|>")) return new ChatFormat(tokenizer, isLlama: true, null, thinks: false);
        throw new ModelException($"The chat template in {folder} has neither the form of Qwen (<|im_start|>) nor that of Llama 3 (<|start_header_id|>). Serve this model with vLLM or SGLang and give judge_api_url.");
    }

    /// <summary>The ids of a conversation up to where the assistant begins to speak.</summary>
    /// <param name="messages">Role and text of each.</param>
    /// <param name="thinks">Whether a model that can think first may.</param>
    /// <param name="isComplete">Whether the last message ends the conversation, as a reward model reads it; nobody is to speak then.</param>
    /// <param name="most">How many ids are of use: reading ends soon after there are more.</param>
    public IReadOnlyList<int> Encode(IReadOnlyList<(string Role, string Content)> messages, bool thinks = false, bool isComplete = false, int most = int.MaxValue)
    {
        List<int> ids = [];
        if (_isLlama && _tokenizer.NamedIds.TryGetValue("<|begin_of_text|>", out var begin)) ids.Add(begin);
        if (_system is { } system && !messages.Any(m => m.Role == "system")) Add(ids, "system", system, most);
        foreach (var (role, content) in messages) Add(ids, role, content, most);
        if (isComplete) return ids;
        Open(ids, "assistant", most);
        if (_thinks && !thinks) ids.AddRange(_tokenizer.Encode("<think>\n\n</think>\n\n"));
        return ids;
    }

    // Adds the ids of a text in which nothing is special: a special token is cut in two, and the halves are text.
    private void AddPlain(List<int> ids, string text, int most)
    {
        for (var from = 0; from < text.Length && ids.Count <= most;)
        {
            var at = text.AsSpan(from).IndexOfAny(_names);
            var to = at < 0 ? text.Length : from + at + 1;
            ids.AddRange(_tokenizer.Encode(text[from..to]));
            from = to;
        }
    }

    private void Add(List<int> ids, string role, string content, int most)
    {
        Open(ids, role, most);
        AddPlain(ids, _isLlama ? content.Trim() : content, most);
        ids.Add(_tokenizer.NamedIds[_isLlama ? "<|eot_id|>" : "<|im_end|>"]);
        if (!_isLlama) ids.AddRange(_tokenizer.Encode("\n"));
    }

    private void Open(List<int> ids, string role, int most)
    {
        ids.Add(_tokenizer.NamedIds[_isLlama ? "<|start_header_id|>" : "<|im_start|>"]);
        AddPlain(ids, _isLlama ? role : role + "\n", most);
        if (!_isLlama) return;
        ids.Add(_tokenizer.NamedIds["<|end_header_id|>"]);
        ids.AddRange(_tokenizer.Encode("\n\n"));
    }

    private static string? Template(string folder)
    {
        var own = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(own)) return File.ReadAllText(own);
        var config = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(config)) return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(config));
        return json.RootElement.TryGetProperty("chat_template", out var template) && template.ValueKind == JsonValueKind.String ? template.GetString() : null;
    }
}
