using Fleet.Rewards.Text;

namespace Fleet.Unit.Tests.Rewards.Text;

public sealed class PythonNumberTests
{
    [Theory]
    [InlineData("3", 3)]
    [InlineData(" 3.5\n", 3.5)]
    [InlineData("1_000", 1000)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("\uff11\uff12", 12)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("nan", double.NaN)]
    public void Reads_what_python_reads(string text, double value)
    {
        Assert.True(PythonNumber.TryParseFloat(text, out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("_1")]
    [InlineData("1__0")]
    [InlineData("1_.5")]
    [InlineData("--1")]
    [InlineData("0x10")]
    [InlineData("12.5%")]
    [InlineData("1 2")]
    [InlineData("infinite")]
    public void Refuses_what_python_refuses(string text) => Assert.False(PythonNumber.TryParseFloat(text, out _));

    [Theory]
    [InlineData(2.675, 2.67)]
    [InlineData(1.115, 1.11)]
    [InlineData(0.125, 0.12)]
    [InlineData(0.375, 0.38)]
    [InlineData(-0.125, -0.12)]
    [InlineData(1e300, 1e300)]
    public void Rounds_the_exact_value_and_ties_to_even(double value, double rounded) => Assert.Equal(rounded, PythonNumber.Round2(value));
}
