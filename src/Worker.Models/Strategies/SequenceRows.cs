using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Worker.Models.Chat;

namespace Fleet.Worker.Models.Strategies;

/// <summary>A row as a model reads it.</summary>
/// <param name="Ids">Its tokens, without padding.</param>
/// <param name="Position">Where the last of them stands in the row as it came.</param>
/// <param name="Fault">Why it cannot be read: a code and a sentence; null when it can.</param>
internal sealed record SequenceRow(IReadOnlyList<int> Ids, int Position, string? Fault = null);

/// <summary>The rows of a batch as token ids: as they came, or from texts by the model's own tokenizer.</summary>
internal sealed class SequenceRows(DataProto batch, LocalModel model, ChatFormat? chat)
{
    private readonly TokenColumn? _prompts = batch.Batch.GetValueOrDefault(BatchKeys.Prompts) as TokenColumn;
    private readonly TokenColumn? _responses = batch.Batch.GetValueOrDefault(BatchKeys.Responses) as TokenColumn;
    private readonly TokenColumn? _tokens = batch.Batch.GetValueOrDefault(BatchKeys.InputIds) as TokenColumn;
    private readonly Tensor? _ids = batch.Batch.GetValueOrDefault(BatchKeys.InputIds) as Tensor;
    private readonly Tensor? _mask = batch.Batch.GetValueOrDefault(BatchKeys.AttentionMask) as Tensor;
    private readonly ValueColumn? _messages = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.Messages);
    private readonly ValueColumn? _promptText = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.PromptText);
    private readonly ValueColumn? _responseText = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.ResponseText);

    /// <summary>The prompt alone, up to where the model begins to speak.</summary>
    /// <exception cref="FleetException">The batch has no prompts.</exception>
    public IReadOnlyList<int> Prompt(int row)
    {
        if (_prompts is not null) return _prompts.Row(row).ToArray();
        var messages = Messages(row) ?? throw new FleetException("The batch has neither 'prompts' nor 'messages' nor 'prompt_text'; give the prompts as ids or as text.");
        return Chat.Encode(messages);
    }

    /// <summary>Prompt and response.</summary>
    public SequenceRow Whole(int row)
    {
        var sequence = Read(row);
        if (sequence.Fault is not null) return sequence;
        if (sequence.Ids.Count == 0) return sequence with { Fault = "no_tokens: The row has no tokens." };
        if (sequence.Ids.Count > model.MaxTokens) return sequence with { Fault = $"too_long: The row has {sequence.Ids.Count} tokens; the model takes {model.MaxTokens}." };
        var unknown = sequence.Ids.FirstOrDefault(id => id < 0 || id >= model.Config.Vocabulary, -1);
        return sequence.Ids.Any(id => id < 0 || id >= model.Config.Vocabulary) ? sequence with { Fault = $"unknown_token_id: The id {unknown} is not in the model's vocabulary of {model.Config.Vocabulary}." } : sequence;
    }

    private ChatFormat Chat => chat ?? ChatFormat.Of(model.Path, model.Tokenizer ?? throw new FleetException($"The rows are texts and there is no tokenizer in {model.Path}."));

    private SequenceRow Read(int row)
    {
        if (_tokens is not null) return Of(_tokens.Row(row).ToArray(), null);
        if (_ids is not null) return Of(Integers(_ids, row), _mask is null ? null : [.. Integers(_mask, row).Select(value => value != 0)]);
        if (_prompts is not null && _responses is not null)
        {
            int[] ids = [.. _prompts.Row(row), .. _responses.Row(row)];
            return new SequenceRow(ids, ids.Length - 1);
        }

        if (_responseText?.Text(row) is not { } response || Messages(row) is not { } messages) return new SequenceRow([], 0, "missing_column: The row needs input_ids, or prompts and responses, or messages (or prompt_text) with response_text.");
        var whole = Chat.Encode([.. messages, ("assistant", response)], isComplete: true);
        return new SequenceRow(whole, whole.Count - 1);
    }

    private SequenceRow Of(int[] ids, bool[]? mask)
    {
        var positions = ScoredTokens.Positions(ids, mask, model.Config.EndIds, model.Tokenizer?.PadId);
        return new SequenceRow([.. positions.Select(i => ids[i])], positions.Count == 0 ? 0 : positions[^1]);
    }

    private List<(string Role, string Content)>? Messages(int row)
    {
        if (_messages?.Json(row) is { ValueKind: JsonValueKind.Array } list)
        {
            return [.. list.EnumerateArray().Where(m => m.ValueKind == JsonValueKind.Object).Select(m => (Text(m, "role") ?? "user", Text(m, "content") ?? ""))];
        }

        return _promptText?.Text(row) is { } prompt ? [("user", prompt)] : null;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int[] Integers(Tensor tensor, int row) => tensor.DType switch
    {
        DType.Int64 => [.. tensor.Row<long>(row).ToArray().Select(value => (int)value)],
        DType.Int32 => tensor.Row<int>(row).ToArray(),
        DType.Bool => [.. tensor.Row<bool>(row).ToArray().Select(value => value ? 1 : 0)],
        _ => throw new FleetException($"Ids and masks are integers, and this column is {tensor.DType}."),
    };
}
