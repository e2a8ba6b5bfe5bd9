using Fleet.Contracts.Messages;
using Fleet.Worker.Queue;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Unit.Tests.Worker.Queue;

public sealed class PartSlotsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task As_many_parts_as_slots_go_in_at_once()
    {
        var slots = new PartSlots(2, new ProcessRoom(), _time);

        await slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None);
        await slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None);
        var third = slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None).AsTask();
        Assert.False(third.IsCompleted);

        slots.Leave();
        await third;
    }

    [Fact]
    public async Task Evaluation_goes_before_training_that_waits_longer()
    {
        var slots = new PartSlots(1, new ProcessRoom(), _time);
        await slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None);
        var training = slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None).AsTask();
        var evaluation = slots.EnterAsync(Lane.Evaluation, alone: false, CancellationToken.None).AsTask();

        slots.Leave();

        await evaluation;
        Assert.False(training.IsCompleted);
        slots.Leave();
        await training;
    }

    [Fact]
    public async Task Training_that_waits_for_minutes_goes_before_further_evaluations()
    {
        var slots = new PartSlots(1, new ProcessRoom(), _time);
        await slots.EnterAsync(Lane.Evaluation, alone: false, CancellationToken.None);
        var training = slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None).AsTask();
        var evaluation = slots.EnterAsync(Lane.Evaluation, alone: false, CancellationToken.None).AsTask();

        _time.Advance(TimeSpan.FromMinutes(6));
        slots.Leave();

        await training;
        Assert.False(evaluation.IsCompleted);
        slots.Leave();
        await evaluation;
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_slot_with_it()
    {
        var slots = new PartSlots(1, new ProcessRoom(), _time);
        await slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var gone = slots.EnterAsync(Lane.Training, alone: false, cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => gone);
        slots.Leave();

        await slots.EnterAsync(Lane.Training, alone: false, CancellationToken.None);
    }
}
