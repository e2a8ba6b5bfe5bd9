using Fleet.Rewards.Math.Expressions;
using Fleet.Rewards.Math.Numeric;

namespace Fleet.Rewards.Math.Equality;

/// <summary>A set of real numbers as sorted pieces that do not touch: intervals and points.</summary>
internal sealed class SetValue
{
    private const int MaxPieces = 200;

    private readonly record struct Piece(Expr Low, bool LowClosed, Expr High, bool HighClosed);

    private static readonly Dictionary<string, Exact.Rational> NoAtoms = new(StringComparer.Ordinal);

    private static readonly Expr MinusInfinity = new Product([Number.MinusOne, Constant.Infinity]);

    private readonly List<Piece> _pieces;

    private SetValue(List<Piece> pieces) => _pieces = pieces;

    /// <summary>The set that a tree describes, or null when it describes none of real numbers with known order.</summary>
    public static SetValue? Of(Expr e, WorkBudget budget)
    {
        var pieces = new List<Piece>();
        if (!Collect(e, pieces, budget, 0) || pieces.Count > MaxPieces) return null;
        return Normalise(pieces, budget) is { } normal ? new SetValue(normal) : null;
    }

    /// <summary>Whether a tree is written as a set of numbers rather than as a value.</summary>
    public static bool IsSetLike(Expr e) => e is Interval or Sequence { Kind: SequenceKind.Set } or Call { Name: "cup" or "cap" or "setminus" } or Symbol { Name: "bb:R" };

    /// <summary>Whether words, or words with the points they leave out, name a set of real numbers.</summary>
    public static bool IsNamed(Expr e) => e is TextValue t ? IsAll(t.Text) || IsNone(t.Text) : e is Phrase { Parts: [TextValue all, _, ..] } && IsAllExcept(all.Text);

    private static bool IsAll(string words) => words.ToLowerInvariant() is "all real numbers" or "all reals" or "all real values" or "any real number" or "the set of all real numbers" or "real numbers" or "全体实数" or "一切实数";

    private static bool IsNone(string words) => words.ToLowerInvariant() is "empty set" or "the empty set" or "no solution" or "no solutions" or "no real solution" or "no real solutions" or "there is no solution" or "there are no solutions" or "无解" or "空集";

    private static bool IsAllExcept(string words)
    {
        foreach (var end in (ReadOnlySpan<string>)[" except", " except for", " but", " not equal to"])
        {
            if (words.EndsWith(end, StringComparison.OrdinalIgnoreCase) && IsAll(words[..^end.Length])) return true;
        }

        return false;
    }

    public bool Equals(SetValue other, Func<Expr, Expr, bool> same)
    {
        if (_pieces.Count != other._pieces.Count) return false;
        for (var i = 0; i < _pieces.Count; i++)
        {
            var (a, b) = (_pieces[i], other._pieces[i]);
            if (a.LowClosed != b.LowClosed || a.HighClosed != b.HighClosed || !same(a.Low, b.Low) || !same(a.High, b.High)) return false;
        }

        return true;
    }

    private static bool Collect(Expr e, List<Piece> pieces, WorkBudget budget, int depth)
    {
        budget.Spend(4);
        if (depth > 8) return false;
        switch (e)
        {
            case Interval i:
                pieces.Add(new Piece(i.Left, i.LeftClosed, i.Right, i.RightClosed));
                return true;
            case Sequence { Kind: SequenceKind.Tuple, Items: [var low, var high] }:
                pieces.Add(new Piece(low, false, high, false));
                return true;
            case Symbol { Name: "bb:R" }:
                pieces.Add(new Piece(MinusInfinity, false, Constant.Infinity, false));
                return true;
            case Call { Name: "cup" } union: return Array.TrueForAll(union.Arguments, a => Collect(a, pieces, budget, depth + 1));
            case Call { Name: "setminus", Arguments: [var whole, var hole] }: return Without(whole, hole, pieces, budget, depth);
            case Call { Name: "cap" } intersection: return Common(intersection.Arguments, pieces, budget, depth);
            case TextValue words when IsAll(words.Text):
                pieces.Add(new Piece(MinusInfinity, false, Constant.Infinity, false));
                return true;
            case TextValue words: return IsNone(words.Text);
            case Phrase { Parts: [TextValue words, .. var points] } when IsAllExcept(words.Text):
                return Punctured([.. points.SelectMany(p => p is Sequence list ? list.Items : [p])], pieces, budget);
            case Sequence { Kind: SequenceKind.Set } set:
                foreach (var item in set.Items) pieces.Add(new Piece(item, true, item, true));
                return true;
            case Sequence { Kind: SequenceKind.List } list when Array.TrueForAll(list.Items, i => i is Relation): return FromRelations(list, pieces, budget, depth);
            case Sequence { Kind: SequenceKind.List } list: return FromIntervals(list.Items, pieces, budget, depth);
            case Relation r: return FromRelation(r, pieces, budget, depth);
            case Call { Name: "setof", Arguments: [Symbol or Relation { Operators: ["in"], Operands: [_, Symbol { Name: "bb:R" }] }, (Relation or Sequence { Kind: SequenceKind.List }) and var condition] }: return Collect(condition, pieces, budget, depth + 1);
            default: return false;
        }
    }

    // "x > 3 and x < 5", "x > 1, x != 2" hold together; with "or", or apart from each other, one of them holds.
    private static bool FromRelations(Sequence list, List<Piece> pieces, WorkBudget budget, int depth)
    {
        if (list.Items.SelectMany(i => ((Relation)i).Operands).Where(o => o is Symbol or Call).Select(o => o is Call { Name: "abs" } size ? size.Argument.Form : o.Form).Distinct(StringComparer.Ordinal).Skip(1).Any()) return false;
        var together = !list.Either && (Array.Exists(list.Items, i => i is Relation { Operators: ["!="] }) || Overlap(list.Items, budget, depth));
        return together ? Common(list.Items, pieces, budget, depth) : Array.TrueForAll(list.Items, i => Collect(i, pieces, budget, depth + 1));
    }

    // Two half-lines that overlap can only be meant together: the union would be everything.
    private static bool Overlap(Expr[] items, WorkBudget budget, int depth)
    {
        var found = new List<Piece>();
        if (items.Length != 2 || !Array.TrueForAll(items, i => Collect(i, found, budget, depth + 1)) || found is not [var first, var second]) return false;
        var (up, down) = Infinite(first.High) > 0 ? (first, second) : (second, first);
        if (Infinite(up.High) <= 0 || Infinite(up.Low) != 0 || Infinite(down.Low) >= 0 || Infinite(down.High) != 0) return false;
        return Order(up.Low, down.High, budget) <= 0;
    }

    // Intervals side by side are a union only when they stand apart.
    private static bool FromIntervals(Expr[] items, List<Piece> pieces, WorkBudget budget, int depth)
    {
        var found = new List<Piece>();
        if (!Array.TrueForAll(items, i => i is Interval or Sequence { Kind: SequenceKind.Tuple, Items.Length: 2 } && Collect(i, found, budget, depth + 1))) return false;
        if (Normalise(found, budget) is not { } apart || apart.Count != items.Length) return false;
        pieces.AddRange(apart);
        return true;
    }

    private static bool Without(Expr whole, Expr hole, List<Piece> pieces, WorkBudget budget, int depth)
    {
        var found = new List<Piece>();
        var taken = new List<Piece>();
        if (!Collect(whole, found, budget, depth + 1) || !Collect(hole, taken, budget, depth + 1) || Normalise(taken, budget) is not { } holes) return false;
        return Intersect(found, Complement(holes), budget) is { } rest && Add(rest);

        bool Add(List<Piece> more)
        {
            pieces.AddRange(more);
            return true;
        }
    }

    // What pieces in order leave free.
    private static List<Piece> Complement(List<Piece> sorted)
    {
        var free = new List<Piece>();
        var (low, closed) = (MinusInfinity, false);
        foreach (var piece in sorted)
        {
            if (Infinite(piece.Low) >= 0) free.Add(new Piece(low, closed, piece.Low, !piece.LowClosed));
            (low, closed) = (piece.High, !piece.HighClosed);
        }

        if (Infinite(low) <= 0) free.Add(new Piece(low, closed, Constant.Infinity, false));
        return free;
    }

    private static bool Common(Expr[] sets, List<Piece> pieces, WorkBudget budget, int depth)
    {
        List<Piece>? common = null;
        foreach (var set in sets)
        {
            var found = new List<Piece>();
            if (!Collect(set, found, budget, depth + 1)) return false;
            common = common is null ? found : Intersect(common, found, budget);
            if (common is null) return false;
        }

        pieces.AddRange(common ?? []);
        return true;
    }

    private static List<Piece>? Intersect(List<Piece> first, List<Piece> second, WorkBudget budget)
    {
        if (first.Count > 20 || second.Count > 20) return null;
        var common = new List<Piece>();
        foreach (var a in first)
        {
            foreach (var b in second)
            {
                if (Order(a.Low, b.Low, budget) is not { } low || Order(a.High, b.High, budget) is not { } high) return null;
                var (from, fromClosed) = low > 0 ? (a.Low, a.LowClosed) : low < 0 ? (b.Low, b.LowClosed) : (a.Low, a.LowClosed && b.LowClosed);
                var (to, toClosed) = high < 0 ? (a.High, a.HighClosed) : high > 0 ? (b.High, b.HighClosed) : (a.High, a.HighClosed && b.HighClosed);
                if (Order(from, to, budget) is not { } order) return null;
                if (order < 0 || (order == 0 && fromClosed && toClosed)) common.Add(new Piece(from, fromClosed, to, toClosed));
            }
        }

        return common;
    }

    private static bool Punctured(Expr[] holes, List<Piece> pieces, WorkBudget budget)
    {
        if (Normalise([.. holes.Select(h => new Piece(h, true, h, true))], budget) is not { } sorted) return false;
        pieces.AddRange(Complement(sorted));
        return true;
    }

    // "a < x <= b", "x > a", "x != a", "x in S": the variable stands alone; |x| stands for both signs.
    private static bool FromRelation(Relation r, List<Piece> pieces, WorkBudget budget, int depth)
    {
        var at = Array.FindIndex(r.Operands, o => o is Symbol or Call { Name: "abs", Arguments: [Symbol] } || o is Call c && c.Name.StartsWith("apply:", StringComparison.Ordinal));
        if (at < 0 || r.Operands.Length > 3) return false;
        if (r.Operands.Where((o, i) => i != at).Any(o => Atoms.Of(o) is not { Forms.Count: 0 } && !SetLikeOperand(o))) return false;
        if (r is { Operators: ["in"], Operands: [_, var set] } && at == 0) return Collect(set, pieces, budget, depth + 1);

        var found = new List<Piece>();
        if (r.Operators is ["!="])
        {
            if (!Punctured([r.Operands[1 - at]], found, budget)) return false;
        }
        else if (r.Operators is ["="]) found.Add(new Piece(r.Operands[1 - at], true, r.Operands[1 - at], true));
        else
        {
            var (low, lowClosed, high, highClosed) = (MinusInfinity, false, (Expr)Constant.Infinity, false);
            for (var i = 0; i < r.Operators.Length; i++)
            {
                var op = r.Operators[i];
                if (op is not ("<" or "<=" or ">" or ">=") || (i != at && i + 1 != at)) return false;
                var below = op[0] == '<' == (i + 1 == at);
                var end = r.Operands[i == at ? i + 1 : i];
                if (below) (low, lowClosed) = (end, op.Length == 2);
                else (high, highClosed) = (end, op.Length == 2);
            }

            found.Add(new Piece(low, lowClosed, high, highClosed));
        }

        if (r.Operands[at] is Call { Name: "abs" } && found is [var positive])
        {
            if (positive.Low.Form == MinusInfinity.Form)
            {
                pieces.Add(new Piece(Minus(positive.High, budget), positive.HighClosed, positive.High, positive.HighClosed));
                return true;
            }

            pieces.Add(new Piece(Minus(positive.High, budget), positive.HighClosed, Minus(positive.Low, budget), positive.LowClosed));
        }

        pieces.AddRange(found);
        return true;
    }

    private static bool SetLikeOperand(Expr e) => IsSetLike(e) || e is Sequence { Kind: SequenceKind.Tuple };

    private static Expr Minus(Expr e, WorkBudget budget) => Canonical.Of(Build.Negate(e), budget);

    private static List<Piece>? Normalise(List<Piece> pieces, WorkBudget budget)
    {
        var failed = false;
        int Order(Expr a, Expr b)
        {
            if (SetValue.Order(a, b, budget) is { } order) return order;
            failed = true;
            return 0;
        }

        foreach (var piece in pieces)
        {
            var order = Order(piece.Low, piece.High);
            if (failed || order > 0 || (order == 0 && !(piece.LowClosed && piece.HighClosed))) return null;
        }

        // A plain insertion sort: there are few pieces, and the order may fail.
        var sorted = new List<Piece>();
        foreach (var piece in pieces)
        {
            var at = sorted.Count;
            while (at > 0 && Order(sorted[at - 1].Low, piece.Low) is var order && (order > 0 || (order == 0 && piece.LowClosed && !sorted[at - 1].LowClosed))) at--;
            sorted.Insert(at, piece);
            if (failed) return null;
        }

        var merged = new List<Piece>();
        foreach (var piece in sorted)
        {
            if (merged is [.., var last] && Order(last.High, piece.Low) is var gap && (gap > 0 || (gap == 0 && (last.HighClosed || piece.LowClosed))))
            {
                var ends = Order(last.High, piece.High);
                merged[^1] = ends < 0 ? last with { High = piece.High, HighClosed = piece.HighClosed } : ends == 0 ? last with { HighClosed = last.HighClosed || piece.HighClosed } : last;
            }
            else merged.Add(piece);

            if (failed) return null;
        }

        return merged;
    }

    /// <summary>The order of two real constants, infinities included; null when it is not certain.</summary>
    public static int? Order(Expr a, Expr b, WorkBudget budget)
    {
        if (a.Form == b.Form) return 0;
        var (infiniteA, infiniteB) = (Infinite(a), Infinite(b));
        if (infiniteA != 0 || infiniteB != 0) return infiniteA.CompareTo(infiniteB);
        if (a is Number m && b is Number n) return m.Value.CompareTo(n.Value);
        if (Atoms.Of(a) is not { IsScalar: true, Forms.Count: 0 } || Atoms.Of(b) is not { IsScalar: true, Forms.Count: 0 }) return null;
        foreach (var precision in (ReadOnlySpan<int>)[96, 256])
        {
            var evaluator = new NumericEvaluator(NoAtoms, false, precision, budget);
            if (evaluator.Evaluate(a) is not { IsReal: true } x || evaluator.Evaluate(b) is not { IsReal: true } y) continue;
            var sign = Ball.Add(x.Re, -y.Re, precision).Sign;
            if (sign != 0) return sign;
            if (precision > 96) return 0;
        }

        return null;
    }

    private static int Infinite(Expr e) => e switch
    {
        Constant { Kind: ConstantKind.Infinity } => 1,
        Product { Factors: [Number n, Constant { Kind: ConstantKind.Infinity }] } => n.Value.Sign,
        _ => 0,
    };
}
