using Fleet.Rewards.Math.Exact;
using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Equality;

/// <summary>Equality of relations: equations up to a factor or solved for a variable, inequalities in either direction.</summary>
/// <param name="same">Equality of two values.</param>
/// <param name="budget">Spent by the work done.</param>
internal sealed class RelationEquality(Func<Expr, Expr, bool> same, WorkBudget budget)
{
    public bool Same(Relation gold, Relation prediction)
    {
        if (gold.IsEquation && prediction.IsEquation) return SameEquation(gold, prediction);
        var (g, p) = (Ascending(gold), Ascending(prediction));
        if (g.Operators.SequenceEqual(p.Operators) && g.Operands.Zip(p.Operands).All(o => same(o.First, o.Second))) return true;
        if (g.Operators is [var op] && p.Operators is [var other] && op == other)
        {
            if (op is "!=" or "approx" or "cong" or "sim" or "perp" or "parallel" && same(g.Operands[0], p.Operands[1]) && same(g.Operands[1], p.Operands[0])) return true;
            if (op is "<" or "<=" or "!=") return Ratio(Difference(g), Difference(p)) is { } ratio && (op == "!=" ? ratio != 0 : ratio > 0);
        }

        return SetValue.Of(gold, budget) is { } set && SetValue.Of(prediction, budget) is { } otherSet && Variables(gold).SetEquals(Variables(prediction)) && set.Equals(otherSet, same);
    }

    private static HashSet<string> Variables(Relation r) => [.. r.Operands.SelectMany(o => Atoms.Of(o).Forms)];

    // All signs turned to "less".
    private static Relation Ascending(Relation r)
    {
        if (r.Operators.Length == 0 || !Array.TrueForAll(r.Operators, o => o is ">" or ">=")) return r;
        return new Relation([.. r.Operands.Reverse()], [.. r.Operators.Reverse().Select(o => o == ">" ? "<" : "<=")]);
    }

    private Expr Difference(Relation r) => Canonical.Of(Build.Subtract(r.Operands[0], r.Operands[1]), budget);

    private bool SameEquation(Relation gold, Relation prediction)
    {
        var (g, p) = (Ends(gold), Ends(prediction));
        if (gold.Operands.Length > 2 && prediction.Operands.Length > 2 && SameMembers(gold.Operands, prediction.Operands)) return true;
        if (same(g.Operands[0], p.Operands[0]) && same(g.Operands[1], p.Operands[1])) return true;
        if (same(g.Operands[0], p.Operands[1]) && same(g.Operands[1], p.Operands[0])) return true;
        if (g.Operands[0] is Call { Arguments: [Symbol x] } f && p.Operands[0] is Call { Arguments: [Symbol t] } h && f.Name == h.Name && f.Name.StartsWith("apply:", StringComparison.Ordinal) && x.Name != t.Name)
        {
            // f(t) = ... with another letter for the argument.
            var renamed = Substitution.Apply(p.Operands[1], new Dictionary<string, Expr>(StringComparer.Ordinal) { [t.Form] = x });
            return same(g.Operands[1], Canonical.Of(renamed, budget));
        }

        if (IsFunctionOfRest(g) && IsFunctionOfRest(p) && same(g.Operands[1], p.Operands[1])) return true;
        var (a, b) = (Difference(g), Difference(p));
        if (Atoms.Of(a) is not { IsScalar: true } atoms || Atoms.Of(b) is not { IsScalar: true } others || !atoms.Forms.SetEquals(others.Forms)) return false;
        return Ratio(a, b) is { } ratio && ratio != 0 || SameSolution(a, b, atoms.Forms);
    }

    // A chain that names a variable counts by its name and its last member.
    private static Relation Ends(Relation r) => r.Operands.Length == 2 ? r : new Relation([r.Operands[0], r.Operands[^1]], ["="]);

    private bool SameMembers(Expr[] gold, Expr[] prediction) =>
        gold.Length == prediction.Length && Array.TrueForAll(gold, g => Array.Exists(prediction, p => same(g, p))) && Array.TrueForAll(prediction, p => Array.Exists(gold, g => same(g, p)));

    // "f(x) = ..." and "y = ..." name the same function when the right side depends on a variable.
    private static bool IsFunctionOfRest(Relation r)
    {
        var name = r.Operands[0];
        var free = Atoms.Of(r.Operands[1]).Forms;
        if (name is Symbol { Name: "y" or "f" or "g" or "h" }) return free.Count > 0 && !free.Contains(name.Form);
        return name is Call { Arguments: [Symbol variable] } c && c.Name.StartsWith("apply:", StringComparison.Ordinal) && free.Contains(variable.Form);
    }

    // The constant quotient of two expressions with the same variables as +1, -1 or 0 by its sign; null when there is none.
    private int? Ratio(Expr a, Expr b)
    {
        var scalars = new ScalarEquality(new ComparePolicy(), budget);
        if (Atoms.Of(a) is not { IsScalar: true } atoms || !atoms.Forms.SetEquals(Atoms.Of(b).Forms)) return null;
        if (atoms.Forms.Count == 0) return null;
        var values = new Dictionary<string, Rational>(StringComparer.Ordinal);
        var index = 0;
        foreach (var form in atoms.Forms) values[form] = Rational.Of(1_000_003 + 7_919 * index++, 3_001 + 97 * index);
        if (Value(a, values) is not { } x || Value(b, values) is not { } y || x.IsZero || y.IsZero) return null;

        // At one point the quotient must be some constant c; that a = c*b everywhere is then an equality of expressions.
        if (x.Invert(budget) is not { } inverse || Algebraic.Multiply(y, inverse, budget)?.AsRational is not { } c || c.Bits > 2_000) return null;
        var scaled = Canonical.Of(Build.Multiply(new Number(c), a), budget);
        return scalars.Compare(scaled, b) is Equal.Exactly or Equal.Numerically ? c.Sign : null;
    }

    private Algebraic? Value(Expr e, Dictionary<string, Rational> values) => new ExactEvaluator(values, true, budget).Evaluate(e);

    // Both linear in one variable: the solutions are compared.
    private bool SameSolution(Expr a, Expr b, SortedSet<string> variables)
    {
        var scalars = new ScalarEquality(new ComparePolicy(), budget);
        foreach (var variable in variables.Take(4))
        {
            if (Solve(a, variable) is { } x && Solve(b, variable) is { } y) return scalars.Compare(x, y) is Equal.Exactly or Equal.Numerically;
        }

        return false;
    }

    // The root in one variable of an expression that is linear in it: f(0) / (f(0) - f(1)).
    private Expr? Solve(Expr e, string variable)
    {
        Expr At(int value) => Canonical.Of(Substitution.Apply(e, new Dictionary<string, Expr>(StringComparer.Ordinal) { [variable] = Build.Int(value) }), budget);
        var (zero, one, two) = (At(0), At(1), At(2));
        var slope = Canonical.Of(Build.Subtract(zero, one), budget);
        if (slope is Number { Value.IsZero: true }) return null;
        var scalars = new ScalarEquality(new ComparePolicy(), budget);
        var bend = Canonical.Of(new Sum([two, zero]), budget);
        if (scalars.Compare(Canonical.Of(Build.Multiply(Build.Int(2), one), budget), bend) is not (Equal.Exactly or Equal.Numerically)) return null;
        return Canonical.Of(Build.Divide(zero, slope), budget);
    }
}
