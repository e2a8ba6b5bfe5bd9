using Fleet.Rewards.Math.Expressions;

namespace Fleet.Rewards.Math.Equality;

/// <summary>The free atoms of a scalar: variables, undefined functions, and whatever else has no value of its own.</summary>
internal sealed class Atoms
{
    private readonly HashSet<string> _bound = new(StringComparer.Ordinal);

    /// <summary>The forms of the atoms.</summary>
    public SortedSet<string> Forms { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the tree is a scalar throughout: no list, set, relation or matrix in it.</summary>
    public bool IsScalar { get; private set; } = true;

    public bool HasPi { get; private set; }

    public bool HasE { get; private set; }

    public bool HasI { get; private set; }

    /// <summary>Whether a factorial or a binomial is taken of something with atoms: only integers are points of it.</summary>
    public bool NeedsIntegers { get; private set; }

    /// <summary>Whether a function, a sum or a power keeps the value from being a plain number.</summary>
    public bool HasInfinity { get; private set; }

    public static Atoms Of(Expr e)
    {
        var atoms = new Atoms();
        atoms.Visit(e);
        return atoms;
    }

    /// <summary>Whether the function has a value that the evaluators know.</summary>
    public static bool IsKnown(string function) => function is "sin" or "cos" or "tan" or "cot" or "sec" or "csc" or "arcsin" or "arccos" or "arctan" or "arccot" or "arcsec" or "arccsc"
        or "sinh" or "cosh" or "tanh" or "coth" or "sech" or "csch" or "arsinh" or "arcosh" or "artanh"
        or "ln" or "log" or "abs" or "factorial" or "doublefactorial" or "binom" or "floor" or "ceil" or "gcd" or "lcm" or "max" or "min" or "sgn";

    private void Visit(Expr e)
    {
        switch (e)
        {
            case Number or BasedInteger: break;
            case Constant { Kind: ConstantKind.Pi }: HasPi = true; break;
            case Constant { Kind: ConstantKind.E }: HasE = true; break;
            case Constant { Kind: ConstantKind.I }: HasI |= !_bound.Contains("i"); break;
            case Constant: HasInfinity = true; break;
            case Symbol s:
                if (!_bound.Contains(s.Name)) Forms.Add(e.Form);
                break;
            case Sum s: Array.ForEach(s.Terms, Visit); break;
            case Product p: Array.ForEach(p.Factors, Visit); break;
            case Power p:
                Visit(p.Base);
                Visit(p.Exponent);
                break;
            case Call c when IsKnown(c.Name):
                var before = Forms.Count;
                Array.ForEach(c.Arguments, Visit);
                NeedsIntegers |= c.Name is "factorial" or "doublefactorial" && (Forms.Count > before || Array.Exists(c.Arguments, a => a is Symbol));
                break;
            case Ratio { Parts.Length: 2 } r: Array.ForEach(r.Parts, Visit); break;
            case Bound b when IsFinite(b):
                var added = _bound.Add(b.Variable);
                Visit(b.Body);
                if (added) _bound.Remove(b.Variable);
                break;
            case Unit { Name: "deg" }: break;
            case Call or Bound or Unit or TextValue: Forms.Add(e.Form); break;
            default: IsScalar = false; break;
        }
    }

    // A sum over a range of plain integers is evaluated; any other is an atom.
    private static bool IsFinite(Bound b) => b is { Name: "sum" or "prod", Variable.Length: > 0, Lower: Number { Value.IsInteger: true }, Upper: Number { Value.IsInteger: true } };
}
