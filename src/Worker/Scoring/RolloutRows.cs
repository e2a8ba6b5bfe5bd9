using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Rewards;
using Fleet.Worker.Tokens;

namespace Fleet.Worker.Scoring;

/// <summary>The rows of a batch as rollouts: text as it came, token ids decoded only where there is no text.</summary>
internal sealed class RolloutRows(DataProto batch, Decoder? decoder, bool skipSpecialTokens)
{
    private readonly ValueColumn? _promptText = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.PromptText);
    private readonly ValueColumn? _responseText = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.ResponseText);
    private readonly ValueColumn? _groundTruth = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.GroundTruth);
    private readonly ValueColumn? _tag = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.Tag);
    private readonly ValueColumn? _responseTokens = batch.NonTensorBatch.GetValueOrDefault(BatchKeys.ResponseTokens);
    private readonly TokenColumn? _prompts = batch.Batch.GetValueOrDefault(BatchKeys.Prompts) as TokenColumn;
    private readonly TokenColumn? _responses = batch.Batch.GetValueOrDefault(BatchKeys.Responses) as TokenColumn;

    public int Count => batch.Length;

    /// <summary>One row.</summary>
    /// <exception cref="RowDataException">The row's own data cannot be read: no response, no tokenizer for its ids, an unknown id.</exception>
    public Rollout this[int row] => new()
    {
        Prompt = Text(_promptText, _prompts, row, BatchKeys.PromptText, isRequired: false),
        Response = Text(_responseText, _responses, row, BatchKeys.ResponseText, isRequired: true),
        GroundTruth = _groundTruth?.Text(row),
        Tag = _tag?.Text(row),
        ResponseTokens = _responseTokens?.Number(row) is { } tokens ? (int)tokens : _responses?.Row(row).Length,
        Columns = new RowColumns(batch, row),
    };

    private string Text(ValueColumn? text, TokenColumn? ids, int row, string key, bool isRequired)
    {
        if (text?.Text(row) is { } given) return given;
        if (ids is null)
        {
            return isRequired ? throw new RowDataException("missing_column", $"The row has no '{key}' and no token ids; give the response as text or as ids.") : "";
        }

        if (decoder is null)
        {
            throw new RowDataException("no_tokenizer", "The row has token ids, but the domain names no tokenizer that is there; set tokenizer_path, or model_args.model_name_or_path, to the folder of the one that made them.");
        }

        try
        {
            return decoder.Decode(ids.Row(row), skipSpecialTokens);
        }
        catch (FleetException unknown)
        {
            throw new RowDataException("unknown_token_id", unknown.Message);
        }
    }
}

/// <summary>A row whose own data cannot be read; it ends as invalid.</summary>
internal sealed class RowDataException(string code, string sentence) : FleetException(sentence)
{
    public Reason Reason { get; } = new(code, sentence);
}
