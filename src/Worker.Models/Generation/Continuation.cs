using Fleet.Worker.Models.Network;
using static TorchSharp.torch;

namespace Fleet.Worker.Models.Generation;

/// <summary>Continues a batch of prompts token by token, with one token's work for each.</summary>
/// <param name="body">The model.</param>
/// <param name="head">Its head: logits over the vocabulary.</param>
/// <param name="named">How many ids have a text.</param>
/// <param name="decode">The text of ids.</param>
/// <param name="mostPairs">How many numbers the mask of one pass over prompts may have.</param>
internal sealed class Continuation(Transformer body, ModelHead head, int named, Func<IReadOnlyList<int>, string> decode, long mostPairs = Passes.MostPairs)
{
    /// <summary>The answers, in the order of the requests.</summary>
    public IReadOnlyList<Generated> Run(IReadOnlyList<GenerationRequest> requests, CancellationToken cancellationToken)
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var answers = requests.Select(request => new Answer(request, body.Config.EndIds, decode)).ToList();
        var draw = new TokenDraw(requests);
        List<int> rows = [.. Enumerable.Range(0, requests.Count)];

        var prompts = TokenRows.Of([.. requests.Select(request => request.Prompt)], body.Device);
        var room = prompts.Longest + requests.Max(request => request.MaxNewTokens);
        using var cache = new KeyValueCache(body.Config, requests.Count, room, body.Type, body.Device);
        var last = ReadPrompts(prompts, room, cache, cancellationToken);
        var seen = prompts.IsFilled ? Seen(prompts, room) : null;
        var positions = prompts.Positions.narrow(1, prompts.Longest - 1, 1).clone();

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var logits = head.Of(last.squeeze(1));

            // The vocabulary is padded beyond the tokens that have a text; those are never drawn.
            var tokens = draw.Next(logits.narrow(-1, 0, Math.Min(named, logits.shape[1])), rows);
            var report = LogProbabilities.Of(logits, tokens, rows.Max(row => requests[row].TopLogProbabilities));
            List<long> left = [];
            for (var i = 0; i < rows.Count; i++)
                if (!answers[rows[i]].Take((int)tokens[i], report?[i])) left.Add(i);
            if (left.Count == 0) return [.. answers.Select(answer => answer.Result())];

            // Rows that ended leave, once they are a good part of the batch: moving the others costs a pass over the cache.
            if (left.Count <= rows.Count * 3 / 4)
            {
                var keep = tensor(left.ToArray(), device: body.Device);
                cache.Keep(keep);
                if (seen is not null) seen = Replaced(seen, seen.index_select(0, keep));
                positions = Replaced(positions, positions.index_select(0, keep));
                tokens = [.. left.Select(i => tokens[i])];
                rows = [.. left.Select(i => rows[(int)i])];
            }

            positions.add_(1);
            var mask = seen is null ? null : TokenRows.Added(seen.narrow(1, 0, cache.Length + 1).unsqueeze(1).unsqueeze(1), body.Type);
            last = Replaced(last, body.Forward(tensor(tokens, [tokens.Length, 1], device: body.Device), positions, mask, room, cache));
        }
    }

    // The prompts into the cache, in pieces where the mask of the whole would be too large; gives the state at their last tokens.
    private Tensor ReadPrompts(TokenRows prompts, long room, KeyValueCache cache, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (rows, all) = (prompts.Ids.shape[0], prompts.Longest);
        var most = prompts.IsFilled ? Math.Clamp(mostPairs / (rows * all), 1, all) : all;
        for (var from = 0L; ; from += most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var piece = NewDisposeScope();
            var count = Math.Min(most, all - from);
            var hidden = body.Forward(prompts.Ids.narrow(1, from, count), prompts.Positions.narrow(1, from, count), prompts.CausalMask(body.Type, from, count), room, cache);

            // A copy, since a view of the last token would hold the states of all of them.
            if (from + count == all) return scope.MoveToOuter(piece.MoveToOuter(hidden.narrow(1, count - 1, 1).clone()));
        }
    }

    // bool [B, room]: what new tokens see; all that comes after the prompts is no filling.
    private static Tensor Seen(TokenRows prompts, long room)
    {
        using var scope = NewDisposeScope();
        var seen = ones(prompts.Ids.shape[0], room, ScalarType.Bool, prompts.Valid.device);
        seen.narrow(1, 0, prompts.Longest).copy_(prompts.Valid);
        return seen.MoveToOuterDisposeScope();
    }

    // What one step leaves to the next: the old one goes, or memory would grow with every token.
    private static Tensor Replaced(Tensor old, Tensor next)
    {
        old.Dispose();
        return next.MoveToOuterDisposeScope();
    }
}
