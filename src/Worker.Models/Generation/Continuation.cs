using Fleet.Worker.Models.Network;
using static TorchSharp.torch;

namespace Fleet.Worker.Models.Generation;

/// <summary>Continues a batch of prompts token by token, with one token's work for each.</summary>
internal sealed class Continuation(Transformer body, Tensor head, int named, Func<IReadOnlyList<int>, string> decode)
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
        var valid = zeros(requests.Count, room, ScalarType.Bool, body.Device);
        valid.narrow(1, 0, prompts.Longest).copy_(prompts.Valid);
        var positions = prompts.Positions.narrow(1, prompts.Longest - 1, 1);
        var hidden = body.Forward(prompts.Ids, prompts.Positions, prompts.CausalMask(body.Type), room, cache);
        var last = hidden.narrow(1, prompts.Longest - 1, 1);

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var logits = nn.functional.linear(last.squeeze(1), head);

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
                (valid, positions) = (valid.index_select(0, keep), positions.index_select(0, keep));
                tokens = [.. left.Select(i => tokens[i])];
                rows = [.. left.Select(i => rows[(int)i])];
            }

            valid = valid.clone();
            valid.narrow(1, cache.Length, 1).fill_(true);
            positions += 1;
            var mask = TokenRows.Added(valid.narrow(1, 0, cache.Length + 1).unsqueeze(1).unsqueeze(1), body.Type);
            last = body.Forward(tensor(tokens, [tokens.Length, 1], device: body.Device), positions, mask, room, cache);
            valid.MoveToOuterDisposeScope();
            positions.MoveToOuterDisposeScope();
            last.MoveToOuterDisposeScope();
        }
    }
}
