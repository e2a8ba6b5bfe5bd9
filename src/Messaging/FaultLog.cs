using MassTransit;
using Microsoft.Extensions.Logging;

namespace Fleet.Messaging;

/// <summary>Says in one line what an endpoint could not read or take.</summary>
internal sealed partial class FaultLog(ILogger<FaultLog> log) : IReceiveObserver
{
    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
    {
        NotTaken(log, context.ReceiveContext.InputAddress.AbsolutePath, typeof(T).Name, exception.Message);
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        NotRead(log, context.InputAddress.AbsolutePath, exception.Message);
        return Task.CompletedTask;
    }

    [LoggerMessage(400, LogLevel.Error, "{Queue}: a {Message} was not taken: {Error}")]
    private static partial void NotTaken(ILogger log, string queue, string message, string error);

    [LoggerMessage(401, LogLevel.Error, "{Queue}: a message was not read: {Error}")]
    private static partial void NotRead(ILogger log, string queue, string error);
}
