using CsCheck;
using Fleet.Rewards.Code;

namespace Fleet.Unit.Tests.Rewards.Code;

public sealed class OutputComparisonTests
{
    [Theory]
    [InlineData("7\n\n\n", "7")]
    [InlineData("1 \t\n2", "1\r\n2\r\n")]
    [InlineData("1  2", "1 2")]
    [InlineData("1000.00", "1000.0")]
    [InlineData("0.3333333333", "0.33333333333333")]
    [InlineData("1e3", "1000.0")]
    [InlineData("-0", "0")]
    [InlineData("007", "7")]
    [InlineData("", "\n \n")]
    [InlineData("nan", "nan")]
    [InlineData("3", "3.0")]
    public void These_say_the_same(string actual, string expected) => Assert.True(OutputComparison.Same(actual, expected));

    [Theory]
    [InlineData("10000000000000001", "10000000000000000")]
    [InlineData("-10000000000000001", "-10000000000000000")]
    [InlineData("366.0", "366")]
    [InlineData("0.34", "0.33333333333333")]
    [InlineData("yes", "YES")]
    [InlineData("7 extra", "7")]
    [InlineData("1  2", "12")]
    [InlineData("2\n1", "1\n2")]
    [InlineData("1\n\n2", "1\n2")]
    [InlineData("nan", "7.0")]
    [InlineData("inf", "7.0")]
    [InlineData("1e999", "2e999")]
    [InlineData("７", "7")]
    [InlineData("7\0", "7")]
    [InlineData("", "7")]
    [InlineData("0x7", "7")]
    [InlineData("User 1 2 3", "2")]
    [InlineData("1_000.0", "1000.0")]
    public void These_do_not(string actual, string expected) => Assert.False(OutputComparison.Same(actual, expected));

    [Fact]
    public void Every_output_is_what_it_is_and_none_makes_it_throw() =>
        Gen.Select(Gen.Char["0123.-+eE \n\tax"].Array[0, 40], Gen.Char["0123.-+eE \n\tax"].Array[0, 40]).Sample((left, right) =>
        {
            OutputComparison.Same(new string(left), new string(right));
            return OutputComparison.Same(new string(left), new string(left) + " \n");
        });

    [Theory]
    [InlineData("[1, 2.0000000001, {\"a\": null}]", "[1, 2.0, {\"a\": null}]", true)]
    [InlineData("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}", true)]
    [InlineData("3.0", "3", true)]
    [InlineData("3.1", "3", false)]
    [InlineData("true", "1", false)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("[1, 2]", "[2, 1]", false)]
    [InlineData("[1]", "1", false)]
    [InlineData("{\"a\": 1}", "{\"a\": 1, \"b\": 1}", false)]
    [InlineData("\"\\ud800\"", "\"x\"", false)]
    public void Results_are_compared_by_value_and_type(string actual, string expected, bool same) =>
        Assert.Equal(same, ResultComparison.Same(ResultComparison.Parse(actual)!.Value, ResultComparison.Parse(expected)!.Value));
}
