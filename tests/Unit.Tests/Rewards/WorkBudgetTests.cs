using Fleet.Rewards;

namespace Fleet.Unit.Tests.Rewards;

public sealed class WorkBudgetTests
{
    [Fact]
    public void Spends_to_the_last_unit_and_no_further()
    {
        var budget = new WorkBudget(3);

        Assert.True(budget.TrySpend(3));
        Assert.False(budget.IsSpent);
        Assert.False(budget.TrySpend(1));
        Assert.True(budget.IsSpent);
        Assert.Throws<WorkBudgetSpentException>(() => budget.Spend());
    }
}
