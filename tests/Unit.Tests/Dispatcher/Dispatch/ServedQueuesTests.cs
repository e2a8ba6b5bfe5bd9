using Fleet.Contracts.Messages;
using Fleet.Dispatcher.Dispatch;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Dispatcher.Dispatch;

public sealed class ServedQueuesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServedQueues _served;

    public ServedQueuesTests() => _served = new ServedQueues(_time);

    [Fact]
    public void A_part_is_passed_by_one_of_its_queue_that_was_sent_later()
    {
        var (first, second, elsewhere) = (Sent(), Sent(), Sent(domain: "other"));

        _served.Took(second);

        Assert.True(_served.HavePassed(first, TimeSpan.Zero));
        Assert.False(_served.HavePassed(second, TimeSpan.Zero));
        Assert.False(_served.HavePassed(elsewhere, TimeSpan.Zero));
        Assert.False(_served.HavePassed(first, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void An_evaluation_is_passed_by_training_that_is_taken_after_it_was_sent()
    {
        var training = Sent();
        var evaluation = Sent(Lane.Evaluation);

        _served.Took(training);

        Assert.True(_served.HavePassed(evaluation, TimeSpan.FromSeconds(0.05)));
        Assert.False(_served.HavePassed(Sent(Lane.Evaluation), TimeSpan.Zero));
    }

    [Fact]
    public void Training_is_not_passed_by_evaluations()
    {
        var training = Sent();

        _served.Took(Sent(Lane.Evaluation));

        Assert.False(_served.HavePassed(training, TimeSpan.Zero));
    }

    [Fact]
    public void A_part_of_a_ranks_own_queue_says_nothing_of_the_shared_one_and_is_never_passed()
    {
        var (shared, ranked) = (Sent(), Sent(lease: 1));

        _served.Took(Sent(lease: 2));

        Assert.False(_served.HavePassed(shared, TimeSpan.Zero));
        Assert.False(_served.HavePassed(ranked, TimeSpan.Zero));
    }

    // A second after the one before.
    private OutstandingPart Sent(Lane lane = Lane.Training, string domain = "d", int? lease = null)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var header = new CommandHeader { CallId = Guid.NewGuid(), Part = 0, RunId = "r", ConfigHash = "h", Domain = domain, Method = "m", Rows = 1, Lane = lane, ReplyTo = "me" };
        var part = new OutstandingPart(header, default, lease) { SentAt = _time.GetTimestamp() };
        _time.Advance(TimeSpan.FromSeconds(0.1));
        return part;
    }
}
