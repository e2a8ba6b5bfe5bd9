using CsCheck;
using Fleet.Rewards;
using Fleet.Rewards.Math;
using Fleet.Rewards.Math.Latex;

namespace Fleet.Unit.Tests.Rewards.Math;

public sealed class MathPropertyTests
{
    private const string Seed = "0000KOIPe036";

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Integer = Gen.Int[0, 999].Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static readonly Gen<string> Constant = Gen.OneOf(
        Integer,
        Gen.Select(Integer, Gen.Int[1, 99]).Select((a, b) => $"\\frac{{{a}}}{{{b}}}"),
        Integer.Select(a => $"\\sqrt{{{a}}}"),
        Gen.Select(Integer, Gen.Int[0, 999]).Select((a, b) => $"{a}.{b}"),
        OneOf("\\pi", "e", "i", "\\ln 2", "\\sin 1", "\\sqrt[3]{2}", "2^{10}", "4!", "\\binom{5}{2}"));

    private static readonly Gen<string> Variable = OneOf("x", "y", "\\alpha", "x_{1}", "n");

    /// <summary>Scalars: sums, products, powers and functions of constants and variables, up to three levels deep.</summary>
    private static Gen<string> Scalar(Gen<string> leaf, int depth) => depth == 0 ? leaf : Gen.OneOf(
        leaf,
        Gen.Select(Scalar(leaf, depth - 1), Scalar(leaf, depth - 1)).Select((a, b) => $"({a})+({b})"),
        Gen.Select(Scalar(leaf, depth - 1), Scalar(leaf, depth - 1)).Select((a, b) => $"({a})-({b})"),
        Gen.Select(Scalar(leaf, depth - 1), Scalar(leaf, depth - 1)).Select((a, b) => $"({a})\\cdot({b})"),
        Gen.Select(Scalar(leaf, depth - 1), Gen.Int[1, 9]).Select((a, b) => $"\\frac{{{a}}}{{{b}}}"),
        Gen.Select(Scalar(leaf, depth - 1), Gen.Int[2, 4]).Select((a, n) => $"({a})^{n}"),
        Scalar(leaf, depth - 1).Select(a => $"\\sqrt{{({a})^2+1}}"),
        Scalar(leaf, depth - 1).Select(a => $"\\cos({a})"));

    private static readonly Gen<string> Number = Scalar(Constant, 3);

    private static readonly Gen<string> Function = Scalar(Gen.OneOf(Integer, Variable), 2);

    private static readonly Gen<string> Answer = Gen.OneOf(
        Number,
        Function,
        Number.List[2, 4].Select(items => string.Join(", ", items)),
        Number.List[2, 4].Select(items => $"\\{{{string.Join(", ", items)}\\}}"),
        Number.List[2, 4].Select(items => $"({string.Join(", ", items)})"),
        Gen.Select(Number, Number).Select((a, b) => $"[{a}, {b})"),
        Gen.Select(Number, Number).Select((a, b) => $"(-\\infty, {a}] \\cup [{b}, \\infty)"),
        Gen.Select(Variable, Number).Select((x, a) => $"{x} = {a}"),
        Gen.Select(Variable, Number).Select((x, a) => $"{x} \\le {a}"),
        Gen.Select(Number, Number).Select((a, b) => $"\\begin{{pmatrix}}{a} & {b}\\\\{b} & 1\\end{{pmatrix}}"),
        Gen.Select(Integer, OneOf("cm", "km", "dollars", "hours")).Select((a, unit) => $"{a} \\text{{ {unit}}}"));

    private static string? Form(string text) => AnswerParser.Parse(text, new WorkBudget()).Form;

    private static bool Equal(string gold, string prediction) => MathVerifier.Verify(gold, prediction).Equal == true;

    [Fact]
    public void Parsing_a_printed_form_gives_the_form_again() => Answer.Sample(
        text => Form(text) is { } form && Form(form) == form, seed: Seed, iter: 2_000, print: text => $"{text} -> {Form(text)} -> {Form(Form(text) ?? "")}");

    [Fact]
    public void Every_answer_equals_itself() => Answer.Sample(text => Equal(text, text) && Equal(text, Form(text)!), seed: Seed, iter: 1_000);

    [Fact]
    public void Equality_of_plain_values_is_symmetric() =>
        Gen.Select(Number, Number).Sample((a, b) => Equal(a, b) == Equal(b, a), seed: Seed, iter: 1_000);

    [Fact]
    public void Sums_and_products_commute() =>
        Gen.Select(Function, Function).Sample((a, b) => Equal($"({a})+({b})", $"({b})+({a})") && Equal($"({a})({b})", $"({b})\\cdot({a})"), seed: Seed, iter: 500);

    [Fact]
    public void Products_distribute_over_sums() =>
        Gen.Select(Function, Function, Function).Sample((a, b, c) => Equal($"({a})({b})+({a})({c})", $"({a})(({b})+({c}))"), seed: Seed, iter: 500);

    [Fact]
    public void A_value_and_one_more_are_never_equal() =>
        Number.Sample(a => !Equal(a, $"({a})+1") && !Equal($"({a})+1", a), seed: Seed, iter: 1_000);

    [Fact]
    public void Spaces_braces_and_sizes_of_brackets_do_not_count() =>
        Answer.Sample(text => Equal(text, $" {text}\\;") && Equal(text, text.Replace("(", "\\left(").Replace(")", "\\right)").Replace("\\frac", "\\dfrac")), seed: Seed, iter: 1_000);
}
