using Fleet.Dispatcher.Dispatch;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class SuspicionTests
{
    [Fact]
    public void One_loss_is_none_and_only_what_happens_to_a_row_alone_counts()
    {
        var suspicion = Suspicion.None;
        var seen = new List<(bool IsAlone, int LossesAlone)>();
        for (var loss = 0; loss < 5; loss++, suspicion = suspicion.AfterLoss) seen.Add((suspicion.IsAlone, suspicion.LossesAlone));

        Assert.Equal([(false, 0), (false, 0), (true, 0), (true, 1), (true, 2)], seen);
    }
}
