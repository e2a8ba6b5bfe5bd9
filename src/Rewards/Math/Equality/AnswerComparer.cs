using Fleet.Rewards.Math.Expressions;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Compares a predicted answer with the gold one by the kind of each. Not symmetric: a prediction cannot widen the gold.</summary>
internal sealed class AnswerComparer
{
    private const int MaxItems = 400;

    private readonly ComparePolicy _policy;
    private readonly WorkBudget _budget;
    private readonly ScalarEquality _scalars;
    private readonly RelationEquality _relations;
    private bool _numeric;
    private bool _rounded;
    private bool _free;
    private bool _undecided;
    private int _depth;

    public AnswerComparer(ComparePolicy policy, WorkBudget budget)
    {
        _policy = policy;
        _budget = budget;
        _scalars = new ScalarEquality(policy, budget);
        _relations = new RelationEquality(Same, budget);
    }

    /// <summary>Whether the prediction answers the gold, and by what.</summary>
    public (bool Equal, string Code) Compare(ParsedAnswer gold, ParsedAnswer prediction)
    {
        if (prediction.Source.Length == 0) return (false, "no_answer");
        if (_policy.IsReference)
        {
            // No choices here.
        }
        else if (ChoiceAnswer.Gold(gold.Source) is { } letter && ChoiceAnswer.Prediction(prediction.Source) is { } chosen) return (letter == chosen, letter == chosen ? "equal_choice" : "different_choice");
        else if (ChoiceAnswer.Several(gold.Source, false) is { } letters && ChoiceAnswer.Several(prediction.Source, true) is { } several && letters == several) return (true, "equal_choice");
        if (gold.Value is null || prediction.Value is null)
        {
            if (TextEquality.Same(gold.Source, prediction.Source, _budget)) return (true, "equal_text");
            return (false, prediction.TooLarge ? "over_budget" : prediction.Value is null ? "prediction_unparsed" : "gold_unparsed");
        }

        var (g, goldRange) = WithoutRange(gold.Value);
        var (p, range) = WithoutRange(prediction.Value);
        if (goldRange is not null && range is not null && goldRange.Name != range.Name)
            p = Canonical.Of(Substitution.Apply(p, new Dictionary<string, Expr>(StringComparer.Ordinal) { [range.Form] = goldRange }), _budget);
        if (Same(g, p)) return (true, _rounded ? "equal_rounded" : _numeric ? "equal_numerically" : "equal_exactly");
        if (g is BasedInteger based && string.Equals(based.Digits, prediction.Source, StringComparison.OrdinalIgnoreCase)) return (true, "equal_exactly");
        if (!_policy.IsReference && (DecimalComma(g, prediction) || BehindLetter(g, prediction))) return (true, "equal_exactly");
        if (_policy.PercentIsNumber && SameButForPercent(gold, prediction)) return (true, "equal_exactly");
        if (IsWordLike(gold.Value) && IsWordLike(prediction.Value) && TextEquality.SameWords(gold.Source, prediction.Source) && !HasDigit(gold.Source)) return (true, "equal_text");
        return (false, _free ? "free_variables" : _undecided ? "not_comparable" : "different_value");
    }

    // "3,14" for a decimal: a list of two integers is nothing that a decimal could be mistaken for.
    private static bool DecimalComma(Expr gold, ParsedAnswer prediction) =>
        gold is Number { Value.IsInteger: false } wanted && NumberScanner.ParseDecimalComma(prediction.Source) is { } number && number.Value == wanted.Value;

    // "(B) 12" gives the value and the letter of its option.
    private bool BehindLetter(Expr gold, ParsedAnswer prediction) =>
        ChoiceAnswer.ValueBehindLetter(prediction.Source) is { } value && AnswerParser.Parse(value, _budget).Value is { } behind && Same(gold, behind);

    // One side is written with a per cent sign and the other without.
    private bool SameButForPercent(ParsedAnswer gold, ParsedAnswer prediction)
    {
        var (g, p) = (gold.Source.EndsWith('%'), prediction.Source.EndsWith('%'));
        if (g == p || gold.Value is null || prediction.Value is null) return false;
        Expr Hundredfold(Expr e) => Canonical.Of(Build.Multiply(Build.Int(100), e), _budget);
        return g ? Same(Hundredfold(gold.Value), prediction.Value) : Same(gold.Value, Hundredfold(prediction.Value));
    }

    // A single word, or letters side by side that may be one.
    private static bool IsWordLike(Expr e) => e is TextValue or Symbol || e is Product p && Array.TrueForAll(p.Factors, f => f is Symbol or Constant);

    private static bool HasDigit(string text) => text.AsSpan().ContainsAnyInRange('0', '9');

    private bool Same(Expr gold, Expr prediction)
    {
        _budget.Spend(4);
        if (gold.Form == prediction.Form) return true;
        if (_depth > 30) return false;
        _depth++;
        var same = SameByKind(gold, prediction);
        _depth--;
        return same;
    }

    private bool SameByKind(Expr gold, Expr prediction)
    {
        if (PlusMinus.Occurs(gold) || PlusMinus.Occurs(prediction)) return SameWithSigns(gold, prediction);
        if (gold is Call { Name: "clock" } || prediction is Call { Name: "clock" }) return ClockText.Same(gold, prediction);
        if (gold is Call { Name: "mod" } || prediction is Call { Name: "mod" }) return SameModulo(gold, prediction);
        if (gold is Relation || prediction is Relation)
        {
            var (g, p) = (Relations.Tidy(gold), Relations.Tidy(prediction));
            if (g.Form == p.Form) return true;
            var (left, right) = Unwrap(g, p);
            if (left is null || right is null) return false;
            if (left is Relation { IsEquation: false } && right is Relation { IsEquation: true } named && IsRange(named.Operands[^1])) right = named.Operands[^1];
            if (right is Relation { IsEquation: false } && left is Relation { IsEquation: true } set && IsRange(set.Operands[^1])) left = set.Operands[^1];
            if (left is Relation a && right is Relation b) return _relations.Same(a, b);
            if (left is Relation inequality) return SameSet(inequality, right);
            if (right is Relation predicted) return _policy.RelationForSet && SameSet(left, predicted);
            return Same(left, right);
        }

        if (gold is Matrix || prediction is Matrix) return SameMatrix(gold, prediction);
        if (IsRealSet(gold) || IsRealSet(prediction)) return SameIntervals(gold, prediction);
        if (gold is Call { Name: "cases" } pieces && prediction is Call { Name: "cases" } others) return SameUnordered(pieces.Arguments, others.Arguments);
        if (gold is Sequence || prediction is Sequence) return SameSequence(gold, prediction);
        if (gold is Phrase || prediction is Phrase) return SamePhrase(gold, prediction);
        if (gold is TextValue word && prediction is Number && NumberWords.Value(word.Text) is { } inWords) return Same(new Number(inWords), prediction);
        if (prediction is TextValue said && gold is Number && NumberWords.Value(said.Text) is { } number) return Same(gold, new Number(number));
        if (gold is TextValue || prediction is TextValue) return SameWords(gold, prediction);
        if (gold is Ratio || prediction is Ratio) return SameRatio(gold, prediction);
        if (gold is BasedInteger based) return SameBase(based, prediction);
        if (gold is Bound g1 && prediction is Bound p1) return SameBound(g1, p1);
        return SameScalar(gold, prediction);
    }

    private static bool IsRealSet(Expr e) => e is Interval or Call { Name: "cup" or "cap" or "setminus" or "setof" } or Symbol { Name: "bb:R" } || SetValue.IsNamed(e);

    private static bool IsRange(Expr e) => SetValue.IsSetLike(e) || e is Sequence { Kind: SequenceKind.Tuple, Items.Length: 2 };

    private bool SameWithSigns(Expr gold, Expr prediction)
    {
        if (gold is Sequence { Kind: not SequenceKind.Tuple } || prediction is Sequence { Kind: not SequenceKind.Tuple }) return SameSequence(gold, prediction);
        if (gold is Relation || prediction is Relation)
        {
            var (g0, p0) = Unwrap(Relations.Tidy(gold), Relations.Tidy(prediction));
            if (g0 is null || p0 is null) return false;
            if (g0.Form != gold.Form || p0.Form != prediction.Form) return Same(g0, p0);
        }

        if (PlusMinus.Expand(gold, _budget) is not { } g || PlusMinus.Expand(prediction, _budget) is not { } p) return false;
        return SameUnordered(g, p);
    }

    /// <summary>Takes names off: the value of an assignment stands against a value.</summary>
    private (Expr? Gold, Expr? Prediction) Unwrap(Expr gold, Expr prediction)
    {
        if (prediction is Relation { IsEquation: true } q && gold is not Relation && _policy.IsReference && _depth > 1 && !Relations.IsPlainName(q.Operands[0])) return (gold, null);
        if (prediction is Relation { IsEquation: true } p && gold is not Relation) return (gold, Relations.Value(p, IsConsistent));
        if (gold is Relation { IsEquation: true } g && prediction is not Relation) return (Relations.IsAssignment(g) ? Relations.Value(g, _ => true) : null, prediction);
        return (gold, prediction);
    }

    // The members of a chain that are numbers must agree, or the chain claims two values.
    private bool IsConsistent(Relation chain)
    {
        if (_policy.IsReference) return true;
        var last = chain.Operands[^1];
        foreach (var operand in chain.Operands)
        {
            if (ReferenceEquals(operand, last) || Atoms.Of(operand) is not { IsScalar: true, Forms.Count: 0 } || (operand is Constant && ReferenceEquals(operand, chain.Operands[0]))) continue;
            if (Atoms.Of(last) is { IsScalar: true, Forms.Count: 0 } && _scalars.Compare(last, operand) is Equal.No) return false;
        }

        return true;
    }

    private bool SameModulo(Expr gold, Expr prediction)
    {
        var (g, p) = (gold as Call, prediction as Call);
        var goldMod = g is { Name: "mod" } ? g : null;
        var mod = p is { Name: "mod" } ? p : null;
        if (goldMod is null) return Same(gold, Relations.Residue(mod!.Argument)) || IsRemainder(gold, mod);
        if (mod is null) return Same(Relations.Residue(goldMod.Argument), prediction);
        if (!Same(goldMod.Arguments[1], mod.Arguments[1])) return false;
        var (a, b) = (Relations.Residue(goldMod.Argument), Relations.Residue(mod.Argument));
        if (Same(a, b)) return true;
        if (a is not Number { Value.IsInteger: true } x || b is not Number { Value.IsInteger: true } y || goldMod.Arguments[1] is not Number { Value: { IsInteger: true, Sign: > 0 } m }) return false;
        return ((x.Value.Numerator - y.Value.Numerator) % m.Numerator).IsZero;
    }

    // "12 mod 7" is 5.
    private static bool IsRemainder(Expr gold, Call mod) =>
        gold is Number { Value: { IsInteger: true, Sign: >= 0 } g } && mod.Arguments is [Number { Value.IsInteger: true } dividend, Number { Value: { IsInteger: true, Sign: > 0 } m }]
        && g < m && ((dividend.Value.Numerator - g.Numerator) % m.Numerator).IsZero;

    private bool SameSet(Expr gold, Expr prediction)
    {
        if (gold is Relation && prediction is Relation) return false;
        return SetValue.Of(gold, _budget) is { } g && SetValue.Of(prediction, _budget) is { } p && g.Equals(p, Same);
    }

    private bool SameIntervals(Expr gold, Expr prediction)
    {
        if (gold is Interval g && prediction is Interval p) return g.LeftClosed == p.LeftClosed && g.RightClosed == p.RightClosed && Same(g.Left, p.Left) && Same(g.Right, p.Right);
        if (gold is Interval && prediction is Sequence { Kind: SequenceKind.Tuple } || prediction is Interval && gold is Sequence { Kind: SequenceKind.Tuple }) return false;
        if (gold is Sequence { Kind: SequenceKind.List } list && !IsConditions(list) && !Array.Exists(list.Items, i => i is Interval || i is Sequence { Items: [var low, var high] } && (Canonical.IsInfinite(low) || Canonical.IsInfinite(high)))) return prediction is Call { Name: "setof" } && SameDescribed(list.Items, prediction);
        if (SetValue.Of(gold, _budget) is { } a && SetValue.Of(prediction, _budget) is { } b) return a.Equals(b, Same);
        if (gold is Call x && prediction is Call y && x.Name == y.Name && x.Arguments.Length == y.Arguments.Length)
            return x.Name is "cup" or "cap" ? SameUnordered(x.Arguments, y.Arguments) : SameOrdered(x.Arguments, y.Arguments);
        return false;
    }

    // "{x | x = 1 or x = 2}" for a list of values.
    private bool SameDescribed(Expr[] values, Expr set) =>
        SetValue.Of(new Sequence(SequenceKind.Set, values), _budget) is { } listed && SetValue.Of(set, _budget) is { } described && listed.Equals(described, Same);

    private bool SameSequence(Expr gold, Expr prediction)
    {
        if (gold is Sequence { Kind: SequenceKind.Tuple } tuple)
        {
            if (prediction is Sequence s) return s.Items.Length == tuple.Items.Length ? SameOrdered(tuple.Items, s.Items) : Spread(prediction) is { } spread && spread.Length == tuple.Items.Length && tuple.Items.Length > 2 && SameOrdered(tuple.Items, spread);
            return tuple.Items is [var only] && Same(only, prediction);
        }

        if (IsConditions(gold) && IsConditions(prediction) && SetValue.Of(gold, _budget) is { } first && SetValue.Of(prediction, _budget) is { } second) return first.Equals(second, Same);
        if (gold is Sequence { Kind: SequenceKind.List } goldList && prediction is Sequence union && IsConditions(goldList) && SetValue.Of(gold, _budget) is { } g && SetValue.Of(union, _budget) is { } p && g.Equals(p, Same)) return true;
        // Named values in a list stand against a point in the order written.
        if (gold is Sequence { Kind: SequenceKind.List } named && prediction is Sequence { Kind: SequenceKind.Tuple } point && Array.TrueForAll(named.Items, i => i is Relation { IsEquation: true })) return SameOrdered(named.Items, point.Items);
        var goldItems = Items(gold);
        var items = Items(prediction);
        return goldItems is not null && items is not null && SameUnordered(goldItems, items);
    }

    private static bool IsConditions(Expr e) => e is Sequence { Kind: SequenceKind.List } list && Array.TrueForAll(list.Items, i => i is Relation) && Array.Exists(list.Items, i => i is Relation { IsEquation: false });

    private static Expr[]? Spread(Expr e) => e is Sequence { Kind: SequenceKind.List } list ? list.Items : null;

    // The members of a list or set, signs of plus or minus written out; a lone value is a list of one.
    private Expr[]? Items(Expr e)
    {
        var items = e is Sequence s ? WithoutRanges(s.Items) : [e];
        if (!Array.Exists(items, PlusMinus.Occurs)) return items;
        var all = new List<Expr>();
        foreach (var item in items)
        {
            var plain = item is Relation r && Relations.Tidy(r) is Relation { IsEquation: true } tidy && Relations.IsAssignment(tidy) ? Relations.Value(tidy, _ => true) ?? item : item;
            if (PlusMinus.Expand(plain, _budget) is not { } values || all.Count > MaxItems) return null;
            all.AddRange(values);
        }

        return [.. all];
    }

    // "k in Z" only says what the letter runs through.
    private static Expr[] WithoutRanges(Expr[] items) =>
        items.Length < 2 || !Array.Exists(items, IsRangeOfLetter) || Array.TrueForAll(items, IsRangeOfLetter) ? items : [.. items.Where(i => !IsRangeOfLetter(i))];

    private static bool IsRangeOfLetter(Expr e) => e is Relation { Operators: ["in"], Operands: [Symbol, Symbol { Name: ['b', 'b', ':', ..] or "Z" or "N" or "R" }] };

    // The answer without what its letters run through, and that letter when it is the only one.
    private static (Expr Answer, Symbol? Letter) WithoutRange(Expr e)
    {
        if (e is not Sequence { Kind: SequenceKind.List, Items.Length: > 1 } list || !Array.Exists(list.Items, IsRangeOfLetter)) return (e, null);
        var rest = WithoutRanges(list.Items);
        var letters = list.Items.Where(IsRangeOfLetter).Select(r => (Symbol)((Relation)r).Operands[0]).ToArray();
        return (rest.Length == 1 ? rest[0] : new Sequence(list.Kind, rest, list.Either), letters is [var only] ? only : null);
    }

    private bool SameOrdered(Expr[] gold, Expr[] prediction)
    {
        if (gold.Length != prediction.Length) return false;
        for (var i = 0; i < gold.Length; i++)
        {
            if (!Same(gold[i], prediction[i])) return false;
        }

        return true;
    }

    // Every gold member is matched by a prediction of its own and none is left over; what is written twice counts once.
    private bool SameUnordered(Expr[] gold, Expr[] prediction)
    {
        var g = gold.DistinctBy(e => e.Form).ToList();
        var p = prediction.DistinctBy(e => e.Form).ToList();
        if (g.Count != p.Count || g.Count > MaxItems) return false;

        // Equal forms pair off first: what is left is compared by value.
        var forms = p.Select(e => e.Form).ToHashSet(StringComparer.Ordinal);
        var shared = g.Where(e => forms.Contains(e.Form)).Select(e => e.Form).ToHashSet(StringComparer.Ordinal);
        g.RemoveAll(e => shared.Contains(e.Form));
        p.RemoveAll(e => shared.Contains(e.Form));
        foreach (var wanted in g)
        {
            var at = p.FindIndex(e => Same(wanted, e));
            if (at < 0) return false;
            p.RemoveAt(at);
        }

        return p.Count == 0;
    }

    private bool SameMatrix(Expr gold, Expr prediction)
    {
        if (gold is Matrix g && prediction is Matrix p)
        {
            if (g.Rows.Length != p.Rows.Length || g.Rows[0].Length != p.Rows[0].Length) return false;
            for (var i = 0; i < g.Rows.Length; i++)
            {
                if (!SameOrdered(g.Rows[i], p.Rows[i])) return false;
            }

            return true;
        }

        // A matrix may be written as a list of its rows, a row or a column as a point.
        if (gold is Matrix grid && Vector(prediction) is { } rows && rows.Length == grid.Rows.Length && Array.TrueForAll(rows, r => Vector(r) is not null))
        {
            for (var i = 0; i < rows.Length; i++)
            {
                if (!SameOrdered(grid.Rows[i], Vector(rows[i])!)) return false;
            }

            return true;
        }

        return Vector(gold) is { } a && Vector(prediction) is { } b && SameOrdered(a, b);
    }

    private static Expr[]? Vector(Expr e) => e switch
    {
        Matrix { Rows: [var row] } => row,
        Matrix m when Array.TrueForAll(m.Rows, r => r.Length == 1) => [.. m.Rows.Select(r => r[0])],
        Sequence { Kind: SequenceKind.Tuple } t => t.Items,
        Interval { LeftClosed: true, RightClosed: true } i => [i.Left, i.Right],
        _ => null,
    };

    private bool SamePhrase(Expr gold, Expr prediction)
    {
        var (g, p) = (gold as Phrase, prediction as Phrase);
        return g is not null && p is not null && SameOrdered(g.Parts, p.Parts);
    }

    private static bool SameWords(Expr gold, Expr prediction) => Name(gold) is { } g && Name(prediction) is { } p && TextEquality.SameWords(g, p);

    private static string? Name(Expr e) => e switch
    {
        TextValue t => t.Text,
        Symbol s => s.Name,
        Unit u => u.Name,
        _ => null,
    };

    private bool SameRatio(Expr gold, Expr prediction)
    {
        if (gold is Ratio { Parts.Length: 2 } && prediction is not Ratio || prediction is Ratio { Parts.Length: 2 } && gold is not Ratio) return SameScalar(gold, prediction);
        if (gold is not Ratio g || prediction is not Ratio p || g.Parts.Length != p.Parts.Length) return false;
        if (SameOrdered(g.Parts, p.Parts)) return true;

        // Proportional: a_i * b_0 = b_i * a_0, where nothing is zero; times of day such as 12:00 are not proportions.
        if (g.Parts.Concat(p.Parts).Any(part => part is Number { Value.IsZero: true })) return false;
        for (var i = 1; i < g.Parts.Length; i++)
        {
            var (left, right) = (Canonical.Of(new Product([g.Parts[i], p.Parts[0]]), _budget), Canonical.Of(new Product([p.Parts[i], g.Parts[0]]), _budget));
            if (!SameScalar(left, right)) return false;
        }

        return true;
    }

    // An integer without a mark is read in the base that the gold names.
    private static bool SameBase(BasedInteger gold, Expr prediction) => prediction switch
    {
        BasedInteger p => gold.Value == p.Value,
        Number { Value.IsInteger: true } n => n.Value.ToString() == gold.Digits,
        _ => false,
    };

    private bool SameBound(Bound gold, Bound prediction)
    {
        if (gold.Name != prediction.Name || !SameEnd(gold.Lower, prediction.Lower) || !SameEnd(gold.Upper, prediction.Upper)) return SameScalar(gold, prediction);
        var body = prediction.Body;
        if (gold.Variable != prediction.Variable && gold.Variable.Length > 0 && prediction.Variable.Length > 0)
            body = Substitution.Apply(body, new Dictionary<string, Expr>(StringComparer.Ordinal) { [prediction.Variable] = WordParser.Letter(gold.Variable) });
        return Same(gold.Body, Canonical.Of(body, _budget));
    }

    private bool SameEnd(Expr? gold, Expr? prediction) => gold is null ? prediction is null : prediction is not null && Same(gold, prediction);

    private bool SameScalar(Expr gold, Expr prediction)
    {
        var (goldUnits, units) = (Substitution.HasUnit(gold), Substitution.HasUnit(prediction));
        if (goldUnits && units && Quantities.Compare(gold, prediction, _scalars, _budget) is { } decided) return Note(decided);
        if (!goldUnits && !units) return Note(_scalars.Compare(gold, prediction));
        var (g, p) = (Quantities.Bare(gold, _budget), Quantities.Bare(prediction, _budget));
        if (Note(_scalars.Compare(g, p))) return true;

        if (goldUnits && !units && Quantities.WithUnits(prediction) is { } measured && Quantities.Compare(gold, measured, _scalars, _budget) is { } same) return Note(same);

        // "2 m/s" against 2m/s with variables.
        if (goldUnits != units && (Quantities.WithLetters(goldUnits ? gold : prediction, _budget) is { } letters) && Note(goldUnits ? _scalars.Compare(letters, prediction) : _scalars.Compare(gold, letters))) return true;

        // Degrees against radians.
        if (goldUnits != units && Quantities.InRadians(goldUnits ? gold : prediction, _budget) is { } radians)
            return Note(goldUnits ? _scalars.Compare(radians, prediction) : _scalars.Compare(gold, radians));
        return false;
    }

    private bool Note(Equal result)
    {
        _numeric |= result == Equal.Numerically;
        _rounded |= result == Equal.Rounded;
        _free |= result == Equal.FreeVariables;
        _undecided |= result == Equal.Undecided;
        return result is Equal.Exactly or Equal.Numerically or Equal.Rounded;
    }
}
