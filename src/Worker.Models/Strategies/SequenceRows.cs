using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Rewards.Text;

namespace Fleet.Worker.Models.Strategies;

/// <summary>A row as a model reads it.</summary>
/// <param name="Ids">Its tokens, without padding.</param>
/// <param name="Position">Where the last of them stands in the row as it came.</param>
/// <param name="Fault">Why it cannot be read: a code and a sentence; null when it can.</param>
internal sealed record SequenceRow(IReadOnlyList<int> Ids, int Position, string? Fault = null);

/// <summary>The rows of a batch as token ids: as they came, or from texts by the model's own tokenizer.</summary>
internal sealed class SequenceRows(DataProto batch, LocalModel model)
{
    private readonly TokenColumn? _prompts = batch.Batch.GetValueOrDefault(BatchKeys.Prompts) as TokenColumn;
    private readonly TokenColumn? _responses = batch.Batch.GetValueOrDefault(BatchKeys.Responses) as TokenColumn;
    private readonly InputIds? _inputIds = InputIds.Of(batch, model.Tokenizer?.PadId);
    private readonly ValueColumn? _messages = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.Messages);
    private readonly ValueColumn? _promptText = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.PromptText);
    private readonly ValueColumn? _responseText = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.ResponseText);

    /// <summary>The prompt alone, up to where the model begins to speak.</summary>
    /// <exception cref="FleetException">The batch has no prompts.</exception>
    public IReadOnlyList<int> Prompt(int row)
    {
        if (_prompts is not null) return _prompts.Row(row).ToArray();
        var messages = Messages(row) ?? throw new FleetException("The batch has neither 'prompts' nor 'messages' nor 'prompt_text'; give the prompts as ids or as text.");
        return model.Chat.Encode(messages, most: model.MaxTokens);
    }

    /// <summary>Prompt and response.</summary>
    public SequenceRow Whole(int row)
    {
        var sequence = Read(row);
        if (sequence.Fault is not null) return sequence;
        if (sequence.Ids.Count == 0) return sequence with { Fault = "no_tokens: The row has no tokens." };
        if (sequence.Ids.Count > model.MaxTokens) return sequence with { Fault = $"too_long: The row has more than the {model.MaxTokens} tokens that the model takes." };
        foreach (var id in sequence.Ids)
            if (id < 0 || id >= model.Config.Vocabulary) return sequence with { Fault = $"unknown_token_id: The id {id} is not in the model's vocabulary of {model.Config.Vocabulary}." };
        return sequence;
    }

    private SequenceRow Read(int row)
    {
        if (_inputIds is not null)
        {
            var (ids, positions) = _inputIds.Row(row, model.Config.EndIds);
            return new SequenceRow(ids, positions.Count == 0 ? 0 : positions[^1]);
        }

        if (_prompts is not null && _responses is not null)
        {
            int[] ids = [.. _prompts.Row(row), .. _responses.Row(row)];
            return new SequenceRow(ids, ids.Length - 1);
        }

        if (_responseText?.Text(row) is not { } response || Messages(row) is not { } messages) return new SequenceRow([], 0, "missing_column: The row needs input_ids, or prompts and responses, or messages (or prompt_text) with response_text.");
        var whole = model.Chat.Encode([.. messages, ("assistant", response)], isComplete: true, most: model.MaxTokens);
        return new SequenceRow(whole, whole.Count - 1);
    }

    private List<(string Role, string Content)>? Messages(int row)
    {
        if (_messages?.Json(row) is { ValueKind: JsonValueKind.Array } list)
        {
            return [.. list.EnumerateArray().Where(message => message.ValueKind == JsonValueKind.Object).Select(message => (Text(message, "role", "user"), Text(message, "content", "")))];
        }

        return _promptText?.Text(row) is { } prompt ? [("user", prompt)] : null;
    }

    private static string Text(JsonElement message, string name, string otherwise) => message.TryGetProperty(name, out var value) ? MessageText.Of(value) : otherwise;
}
