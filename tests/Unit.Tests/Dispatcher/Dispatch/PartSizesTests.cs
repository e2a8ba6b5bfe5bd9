using Fleet.Contracts.Names;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Dispatch;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class PartSizesTests
{
    private readonly PartSizes _sizes = new(new DispatcherOptions { MaxPartRows = 256 });

    [Theory]
    [InlineData(Domains.MathRule, 256)]
    [InlineData(Domains.LlmJudge, 256)]
    [InlineData(Domains.CodeSandbox, 1)]
    [InlineData("of_my_own", 32)]
    public void Before_anything_is_known_only_rows_that_may_cost_anything_make_small_parts(string domain, int rows) =>
        Assert.Equal(rows, _sizes.RowsOf(domain));

    [Theory]
    [InlineData(0.000_1, 256)]
    [InlineData(0.01, 100)]
    [InlineData(0.5, 2)]
    [InlineData(60, 1)]
    public void A_part_is_about_a_second_of_work(double secondsOfRow, int rows)
    {
        _sizes.Took(Domains.MathRule, 10, 10 * secondsOfRow);

        Assert.Equal(rows, _sizes.RowsOf(Domains.MathRule));
    }

    [Theory]
    [InlineData(Domains.CodeSandbox, 0.001, 1)]
    [InlineData(Domains.LlmJudge, 0.002, 25)]
    [InlineData(Domains.RemoteReward, 0.000_1, 256)]
    public void Where_one_row_may_take_long_few_others_wait_for_it(string domain, double secondsOfRow, int rows)
    {
        _sizes.Took(domain, 10, 10 * secondsOfRow);

        Assert.Equal(rows, _sizes.RowsOf(domain));
    }

    [Fact]
    public void A_row_that_paid_for_a_cold_start_is_forgotten_at_the_next_part()
    {
        _sizes.Took(Domains.MathRule, 1, 0.4);
        Assert.Equal(2, _sizes.RowsOf(Domains.MathRule));

        _sizes.Took(Domains.MathRule, 200, 0.02);

        Assert.Equal(256, _sizes.RowsOf(Domains.MathRule));
    }

    [Fact]
    public void A_domain_that_becomes_slow_gets_smaller_parts_and_others_do_not()
    {
        _sizes.Took(Domains.GeneralValRule, 100, 0.1);
        Assert.Equal(256, _sizes.RowsOf(Domains.GeneralValRule));

        for (var part = 0; part < 50; part++) _sizes.Took(Domains.GeneralValRule, 10, 5);

        Assert.InRange(_sizes.RowsOf(Domains.GeneralValRule), 1, 3);
        Assert.Equal(256, _sizes.RowsOf(Domains.MathRule));
    }
}
