using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Fleet.Worker.Tokens;

/// <summary>Cuts text at added tokens first, then by each pattern in turn; what lies between two matches is a piece of its own.</summary>
internal sealed class SplitInTurn : PreTokenizer
{
    private readonly Regex[] _patterns;
    private readonly Regex? _added;

    public SplitInTurn(Regex[] patterns, IReadOnlyCollection<KeyValuePair<string, int>> added)
    {
        _patterns = patterns;
        // The longest first: one added token may begin another.
        string alternatives = string.Join('|', added.Select(token => token.Key).Where(text => text.Length > 0)
            .OrderByDescending(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).Select(Regex.Escape));
        if (alternatives.Length > 0) _added = new Regex(alternatives, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Pieces(text);

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Pieces(text.ToString());

    private List<(int Offset, int Length)> Pieces(string text)
    {
        var pieces = new List<(int Offset, int Length)>();
        int at = 0;
        if (_added is not null)
        {
            foreach (var token in _added.EnumerateMatches(text))
            {
                Split(text, at, token.Index - at, 0, pieces);
                pieces.Add((token.Index, token.Length));
                at = token.Index + token.Length;
            }
        }

        Split(text, at, text.Length - at, 0, pieces);
        return pieces;
    }

    private void Split(string text, int offset, int length, int turn, List<(int Offset, int Length)> pieces)
    {
        if (length == 0) return;
        if (turn == _patterns.Length)
        {
            pieces.Add((offset, length));
            return;
        }

        int at = offset;
        foreach (var match in _patterns[turn].EnumerateMatches(text.AsSpan(offset, length)))
        {
            Split(text, at, offset + match.Index - at, turn + 1, pieces);
            Split(text, offset + match.Index, match.Length, turn + 1, pieces);
            at = offset + match.Index + match.Length;
        }

        Split(text, at, offset + length - at, turn + 1, pieces);
    }
}
