using Fleet.Messaging;
using Fleet.Messaging.Leases;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Unit.Tests.Messaging;

public sealed class LocalRankLeasesTests
{
    private readonly IRankLeases _leases = new ServiceCollection().AddLogging().AddFleetMessaging(new BrokerOptions()).BuildServiceProvider().GetRequiredService<IRankLeases>();

    [Fact]
    public async Task The_lowest_free_number_is_taken()
    {
        var first = await Take("d");
        var second = await Take("d");
        var third = await Take("d");
        var other = await Take("e");
        Assert.Equal([0, 1, 2, 0], new[] { first, second, third, other }.Select(lease => lease.Rank));

        await second.DisposeAsync();
        Assert.Equal(1, (await Take("d")).Rank);
        Assert.Equal(3, (await Take("d")).Rank);
    }

    [Fact]
    public async Task A_wanted_number_is_waited_for()
    {
        var held = await Take("d", 4);
        var waiting = Take("d", 4);
        Assert.False(waiting.IsCompleted);

        await held.DisposeAsync();
        Assert.Equal(4, (await waiting.WaitAsync(TimeSpan.FromSeconds(30))).Rank);
    }

    [Fact]
    public async Task Giving_back_twice_frees_no_other_holder()
    {
        var first = await Take("d");
        await first.DisposeAsync();
        var second = await Take("d");
        await first.DisposeAsync();

        Assert.Equal((0, 1), (second.Rank, (await Take("d")).Rank));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        await Take("d", 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _leases.AcquireAsync("d", 0, new CancellationToken(canceled: true)));
    }

    private Task<IRankLease> Take(string domain, int? wanted = null) => _leases.AcquireAsync(domain, wanted, CancellationToken.None);
}
