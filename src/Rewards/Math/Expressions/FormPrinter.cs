using System.Globalization;
using System.Text;

namespace Fleet.Rewards.Math.Expressions;

/// <summary>Prints a tree so that parsing the text gives the tree again.</summary>
internal static class FormPrinter
{
    public static string Print(Expr e) => e switch
    {
        Number n => n.Value.ToString(),
        Symbol s => PrintSymbol(s.Name),
        Constant c => c.Kind switch { ConstantKind.Pi => "\\pi", ConstantKind.E => "e", ConstantKind.I => "i", _ => "\\infty" },
        Sum s => PrintSum(s),
        Product p => PrintProduct(p),
        Power p => $"{Atom(p.Base)}^{Exponent(p.Exponent)}",
        Call c => PrintCall(c),
        Bound b => PrintBound(b),
        Sequence { Kind: SequenceKind.Set, Items.Length: 0 } => "\\emptyset",
        Sequence s => s.Kind switch
        {
            SequenceKind.Set => $"\\{{{Join(s.Items)}\\}}",
            SequenceKind.Tuple => $"({Join(s.Items)})",
            _ => s.Either ? Join(s.Items, " \\text{ or } ") : Join(s.Items),
        },
        Interval i => $"{(i.LeftClosed ? '[' : '(')}{i.Left.Form}, {i.Right.Form}{(i.RightClosed ? ']' : ')')}",
        Matrix m => $"\\begin{{pmatrix}}{string.Join(" \\\\ ", m.Rows.Select(r => string.Join(" & ", r.Select(c => c.Form))))}\\end{{pmatrix}}",
        Relation r => PrintRelation(r),
        Ratio r => string.Join(":", r.Parts.Select(Atom)),
        Unit u => $"1 \\text{{{u.Name}}}",
        BasedInteger b => string.Create(CultureInfo.InvariantCulture, $"{b.Digits}_{{{b.Base}}}"),
        TextValue t => $"\\text{{{t.Text}}}",
        Phrase p => string.Join(" ", p.Parts.Select(part => part is TextValue t ? t.Text : $"${part.Form}$")),
        _ => "",
    };

    private static string Join(Expr[] items, string between = ", ") => string.Join(between, items.Select(i => i is Sequence { Kind: SequenceKind.List } ? $"({i.Form})" : i.Form));

    private static string PrintSymbol(string name)
    {
        if (name.Length == 1) return name;
        if (name == "...") return "\\ldots";
        if (name.StartsWith("bb:", StringComparison.Ordinal)) return $"\\mathbb{{{name[3..]}}}";
        if (name.IndexOf('_', StringComparison.Ordinal) is var at and > 0) return $"{PrintSymbol(name[..at])}_{{{name[(at + 1)..]}}}";
        if (name.IndexOf(':', StringComparison.Ordinal) is var colon and > 0) return $"\\{name[..colon]}{{{PrintSymbol(name[(colon + 1)..])}}}";
        return Latex.Vocabulary.Greek.Contains(name) ? "\\" + name : name;
    }

    private static string PrintSum(Sum sum)
    {
        var text = new StringBuilder();
        foreach (var term in sum.Terms)
        {
            var form = term is Relation or Ratio ? $"({term.Form})" : term.Form;
            if (text.Length == 0) text.Append(form);
            else if (form.StartsWith('-')) text.Append(" - ").Append(form, 1, form.Length - 1);
            else text.Append(" + ").Append(form);
        }

        return text.ToString();
    }

    private static string PrintProduct(Product product)
    {
        var text = new StringBuilder();
        foreach (var factor in product.Factors)
        {
            if (factor is Unit u) text.Append(text.Length == 0 ? "1" : "").Append(" \\text{").Append(u.Name).Append('}');
            else if (factor is Power { Base: Unit b } p) text.Append(text.Length == 0 ? "1" : "").Append(" \\text{").Append(b.Name).Append("}^").Append(Exponent(p.Exponent));
            else if (factor is Number n && text.Length == 0) text.Append(n.Value.IsInteger && n.Value.Numerator.IsOne is false && n.Value == Exact.Rational.MinusOne ? "-" : n.Form);
            else
            {
                if (text.Length > 0 && !(text.Length == 1 && text[0] == '-')) text.Append('*');
                text.Append(factor is Power or Call { Name: not ("pm" or "cup" or "cap" or "setminus" or "given" or "mod") } ? factor.Form : Atom(factor));
            }
        }

        // "-" alone in front: -1 times a unit.
        return text.Length > 1 && text[0] == '-' && text[1] == ' ' ? "-1" + text.ToString(1, text.Length - 1) : text.ToString();
    }

    private static string Exponent(Expr e) => e is Number { Value: { IsInteger: true, Sign: >= 0 } } n ? n.Form : e is Symbol { Name.Length: 1 } or Constant ? e.Form : $"({e.Form})";

    private static string Atom(Expr e) => e switch
    {
        Number { Value: { IsInteger: true, Sign: >= 0 } } => e.Form,
        Symbol or Constant or Sequence { Kind: not SequenceKind.List } or Interval or Matrix or TextValue => e.Form,
        Call { Name: var name } when name is not ("pm" or "cup" or "cap" or "setminus" or "factorial" or "given" or "mod" or "prime") && !IsInfix(name) => e.Form,
        _ => $"({e.Form})",
    };

    private static bool IsInfix(string name) => name is "cup" or "cap" or "setminus" or "bullet" or "circ" or "otimes" or "oplus" or "wedge" or "vee" or "rtimes" or "ltimes" or "star" or "triangle" or "sqcup" or "uplus" or "odot";

    private static string PrintCall(Call c)
    {
        if (IsInfix(c.Name)) return string.Join($" \\{c.Name} ", c.Arguments.Select(Atom));
        if (c.Name.StartsWith("apply:", StringComparison.Ordinal)) return $"{PrintSymbol(c.Name[6..])}({Join(c.Arguments)})";
        return c.Name switch
        {
            "pm" => $"\\pm {Atom(c.Argument)}",
            "factorial" => $"{Atom(c.Argument)}!",
            "doublefactorial" => $"{Atom(c.Argument)}!!",
            "prime" => $"{Atom(c.Argument)}'",
            "abs" => $"\\operatorname{{abs}}({c.Argument.Form})",
            "norm" => $"\\|{c.Argument.Form}\\|",
            "floor" => $"\\lfloor {c.Argument.Form} \\rfloor",
            "ceil" => $"\\lceil {c.Argument.Form} \\rceil",
            "binom" when c.Arguments.Length == 2 => $"\\binom{{{c.Arguments[0].Form}}}{{{c.Arguments[1].Form}}}",
            "log" when c.Arguments.Length == 2 => $"\\log_{{{c.Arguments[1].Form}}}({c.Arguments[0].Form})",
            "mod" when c.Arguments.Length == 2 => $"{c.Arguments[0].Form} \\pmod{{{c.Arguments[1].Form}}}",
            "setof" => $"\\{{{c.Argument.Form} \\mid {string.Join(", ", c.Arguments[1..].Select(a => a.Form))}\\}}",
            _ => $"\\{c.Name}({Join(c.Arguments)})",
        };
    }

    private static string PrintBound(Bound b)
    {
        var text = new StringBuilder("\\").Append(b.Name);
        if (b.Lower is not null) text.Append("_{").Append(b.Variable.Length > 0 ? PrintSymbol(b.Variable) + (b.Name == "lim" ? "\\to " : "=") : "").Append(b.Lower.Form).Append('}');
        if (b.Upper is not null) text.Append("^{").Append(b.Upper.Form).Append('}');
        return text.Append('(').Append(b.Body.Form).Append(')').ToString();
    }

    private static string PrintRelation(Relation r)
    {
        var text = new StringBuilder(r.Operands[0].Form);
        for (var i = 0; i < r.Operators.Length; i++)
        {
            text.Append(' ').Append(r.Operators[i] switch { "<=" => "\\le", ">=" => "\\ge", "!=" => "\\ne", "<" => "<", ">" => ">", "=" => "=", var o => "\\" + o }).Append(' ').Append(r.Operands[i + 1].Form);
        }

        return text.ToString();
    }
}
