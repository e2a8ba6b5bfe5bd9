using Fleet.Rewards.Math;

namespace Fleet.Unit.Tests.Rewards.Math;

public sealed class MathVerifierTests
{
    [Theory]
    // Numbers
    [InlineData("7", "7.0")]
    [InlineData("1250", "1,250")]
    [InlineData("1250", "1{,}250")]
    [InlineData("1250", "1\\,250")]
    [InlineData("-\\frac{3}{8}", "-0.375")]
    [InlineData("2\\frac{1}{3}", "\\frac{7}{3}")]
    [InlineData("2 1/3", "7/3")]
    [InlineData("0.\\overline{3}", "1/3")]
    [InlineData("0.1e9\\dot{3}", "0.1e9\\dot{3}")]
    [InlineData("15\\%", "0.15")]
    [InlineData("3.2 \\times 10^{-4}", "0.00032")]
    [InlineData("3.2e5", "320000")]
    [InlineData("\\frac{1}{7}", "0.142857")]
    [InlineData("\\frac{2}{3}", "0.6666667")]
    [InlineData("0.3", "0.30000000000000004")]
    // Surds, powers, logarithms, functions
    [InlineData("\\sqrt{50}", "5\\sqrt2")]
    [InlineData("\\frac{1}{\\sqrt{3}}", "\\frac{\\sqrt{3}}{3}")]
    [InlineData("\\frac{1}{\\sqrt{3}-\\sqrt{2}}", "\\sqrt3+\\sqrt2")]
    [InlineData("\\sqrt[3]{16}", "2\\cdot 2^{1/3}")]
    [InlineData("\\sqrt{3+2\\sqrt2}", "1+\\sqrt2")]
    [InlineData("\\log_2 8", "3")]
    [InlineData("\\ln(e^3)", "3")]
    [InlineData("\\sin 60^\\circ", "\\frac{\\sqrt3}{2}")]
    [InlineData("\\arctan 1", "\\frac{\\pi}{4}")]
    [InlineData("2pi", "2\\pi")]
    [InlineData("5!", "120")]
    [InlineData("\\binom{6}{2}", "15")]
    [InlineData("\\binom62", "15")]
    [InlineData("\\sum_{k=1}^{4} k^2", "30")]
    [InlineData("\\lfloor 7/2 \\rfloor", "3")]
    [InlineData("i(3-i)", "1+3i")]
    [InlineData("i^2", "-1")]
    // Functions of variables
    [InlineData("(x-1)(x+1)", "x^2-1")]
    [InlineData("\\frac{x^2-1}{x+1}", "x-1")]
    [InlineData("\\sin^2 t+\\cos^2 t", "1")]
    [InlineData("e^{2x}", "(e^x)^2")]
    [InlineData("\\sqrt{x^2}", "|x|")]
    [InlineData("X+1", "x+1")]
    // Lists, points, sets, intervals
    [InlineData("2, 5", "5, 2")]
    [InlineData("\\{2, 5\\}", "2 \\text{ and } 5")]
    [InlineData("(2,5)", "(2, 5.0)")]
    [InlineData("\\pm 3", "-3, 3")]
    [InlineData("x=2 \\text{ or } x=5", "2,5")]
    [InlineData("(0,1)\\cup(2,3)", "(2,3) \\cup (0,1)")]
    [InlineData("(-\\infty,2)\\cup(2,\\infty)", "x \\ne 2")]
    [InlineData("[2,\\infty)", "x \\ge 2")]
    [InlineData("-1 < x \\le 4", "(-1,4]")]
    [InlineData("\\mathbb{R}", "(-\\infty, \\infty)")]
    [InlineData("\\emptyset", "\\{\\}")]
    [InlineData("\\begin{pmatrix}1\\\\2\\end{pmatrix}", "\\begin{bmatrix}1.0\\\\2\\end{bmatrix}")]
    [InlineData("\\begin{pmatrix}1\\\\2\\end{pmatrix}", "(1,2)")]
    // Equations
    [InlineData("y=2x+1", "2x-y+1=0")]
    [InlineData("x=3", "3")]
    [InlineData("3", "x=3")]
    [InlineData("2x=6", "x=3")]
    [InlineData("x<3", "2x<6")]
    [InlineData("f(x)=x+1", "y=x+1")]
    [InlineData("(a,b)=(1,2)", "(1,2)")]
    [InlineData("5", "n \\equiv 5 \\pmod{17}")]
    [InlineData("22 \\pmod{17}", "5 \\pmod{17}")]
    // Units, bases, ratios, words, letters
    [InlineData("5\\text{ cm}", "5")]
    [InlineData("1\\text{ m}", "100\\text{ cm}")]
    [InlineData("\\$5", "500\\text{ cents}")]
    [InlineData("90^\\circ", "90")]
    [InlineData("\\frac{\\pi}{6}", "30^\\circ")]
    [InlineData("12_7", "12_{7}")]
    [InlineData("12_7", "12")]
    [InlineData("21_4", "1001_2")]
    [InlineData("6:4", "3:2")]
    [InlineData("\\text{Tuesday}", "tuesday")]
    [InlineData("C", "\\textbf{(C)}")]
    [InlineData("ACD", "A, C, D")]
    [InlineData("No solution.", "no solution")]
    [InlineData("９", "9")]
    [InlineData("\\frac{3\\pi}{2}, 1", "\\theta=\\frac{3\\pi}{2}，f(1)=1")]
    [InlineData("x^2", "x²")]
    [InlineData("July 4", "the 4th of July")]
    [InlineData("12", "twelve")]
    [InlineData("2:30", "2:30 p.m.")]
    [InlineData("1 million", "10^6")]
    [InlineData("6.02\\times10^{23}", "6.02 x 10^23")]
    [InlineData("n!", "n(n-1)!")]
    [InlineData("f(x)=2x+3", "f(t)=2t+3")]
    [InlineData("x>3 \\text{ and } x<5", "(3,5)")]
    [InlineData("(-1,1)\\cup(1,2)", "(-1,2)\\setminus\\{1\\}")]
    [InlineData("\\mathbb{R}", "\\text{all real numbers}")]
    [InlineData("2^{200000}", "4^{100000}")]
    [InlineData("\\{x \\in \\mathbb{R} : x>2\\}", "(2,\\infty)")]
    [InlineData("5", "\\text{The answer is } 5")]
    public void One_answer_in_two_ways_is_equal(string gold, string prediction)
    {
        var verdict = MathVerifier.Verify(gold, prediction);

        Assert.True(verdict.Equal, $"{verdict.Reason}: {verdict.GoldForm} | {verdict.PredictionForm}");
    }

    [Theory]
    [InlineData("4", "4\\sqrt{2}")]
    [InlineData("\\frac{1}{2004!}", "\\frac{1}{2006!}")]
    [InlineData("\\frac{130}{231}", "\\frac{476571389139735}{846830699163683}")]
    [InlineData("9^{9^{9}}", "9^{9^{9}}+1")]
    [InlineData("\\sqrt{2}", "\\sqrt{2}+10^{-80}")]
    [InlineData("\\sin 1", "\\sin 1 \\cdot 1.0000000000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("\\frac{1}{3}", "0.3333")]
    [InlineData("\\frac{2}{3}", "0.666666")]
    [InlineData("6.6e-34", "9.1e-31")]
    [InlineData("12_7", "12_8")]
    [InlineData("12_7", "9")]
    [InlineData("5\\text{ cm}", "5\\text{ m}")]
    [InlineData("10\\%", "10")]
    [InlineData("(2,5)", "(5,2)")]
    [InlineData("(0,1)", "[0,1)")]
    [InlineData("2, 5", "2")]
    [InlineData("2", "2, 5")]
    [InlineData("2", "2 \\text{ or } 5")]
    [InlineData("25", "25 \\pm 1")]
    [InlineData("\\pm 3", "3")]
    [InlineData("5", "x-x+5+y")]
    [InlineData("5", "\\int_0^5 1 dx")]
    [InlineData("5", "4 = 5")]
    [InlineData("5", "ans")]
    [InlineData("x", "|x|")]
    [InlineData("x=1", "y=1")]
    [InlineData("2x+z=1", "1")]
    [InlineData("x<3", "-x<-3")]
    [InlineData("12:00", "1:00")]
    [InlineData("1, 2, \\ldots, n", "1, 3, 5, \\ldots, 2n-1")]
    [InlineData("A", "B")]
    [InlineData("A", "(A) and (B)")]
    [InlineData("2^{200000}", "2^{200000}+1")]
    [InlineData("0", "10^{-60}")]
    [InlineData("0", "e^{-1000}")]
    [InlineData("262537412640768744", "e^{\\pi\\sqrt{163}}")]
    [InlineData("x=1,y=2", "(2,1)")]
    [InlineData("2:30 AM", "2:30 PM")]
    [InlineData("10", "9.999999999999999999")]
    [InlineData("7", "x=7=8")]
    [InlineData("\\text{odd}", "\\text{even}")]
    [InlineData("[1,+\\infty)", "[2^{\\frac{1}{2^{1000}}},\\infty)")]
    public void Different_answers_are_not_equal(string gold, string prediction)
    {
        var verdict = MathVerifier.Verify(gold, prediction);

        Assert.False(verdict.Equal, $"{verdict.Reason}: {verdict.GoldForm} | {verdict.PredictionForm}");
    }

    [Theory]
    [InlineData("\\frac{1}{2}", "0.5", "equal_exactly")]
    [InlineData("\\sin 60^\\circ", "\\frac{\\sqrt3}{2}", "equal_numerically")]
    [InlineData("\\frac{1}{7}", "0.142857", "equal_rounded")]
    [InlineData("C", "(C)", "equal_choice")]
    [InlineData("7", "8", "different_value")]
    [InlineData("7", "x+7", "free_variables")]
    [InlineData("7", "", "no_answer")]
    public void A_verdict_says_why(string gold, string prediction, string code) =>
        Assert.Equal(code, MathVerifier.Verify(gold, prediction).Reason.Code);

    [Fact]
    public void An_empty_gold_answer_is_invalid()
    {
        var verdict = MathVerifier.Verify(" ", "5");

        Assert.Null(verdict.Equal);
        Assert.Equal("invalid", verdict.Status);
    }

    [Fact]
    public void Two_texts_are_extracted_from_and_compared()
    {
        Assert.True(MathVerifier.Verify("$\\frac{3}{4}$", "So the answer is $\\boxed{0.75}$.", "verify").Equal);
        Assert.False(MathVerifier.Verify("$\\frac{3}{4}$", "So the answer is $\\boxed{0.7}$.", "verify").Equal);
        Assert.True(MathVerifier.Verify("1000.99", "it costs 1,000.99€", "verify").Equal);
    }
}
