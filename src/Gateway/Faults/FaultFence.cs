using Fleet.Contracts;
using Fleet.Gateway.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Gateway.Faults;

/// <summary>Makes a problem document of whatever goes wrong with a request; an answer that has begun can only be broken off.</summary>
internal sealed class FaultFence(ILogger<FaultFence> log)
{
    public async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null } && context.Response.ContentType is null) await Problem.WriteAsync(context, context.Response.StatusCode);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException or FleetException)
        {
            // Nobody is there to be told.
            GatewayMetrics.ClientGone();
        }
        catch (GatewayFault fault)
        {
            await AnswerAsync(context, fault);
        }
        catch (BadHttpRequestException bad)
        {
            await AnswerAsync(context, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? new GatewayFault(bad.StatusCode, "too_large", bad.Message)
                : new GatewayFault(bad.StatusCode, "bad_request", bad.Message));
        }
        catch (FleetException refused)
        {
            await AnswerAsync(context, refused.IsTransient
                ? GatewayFault.Unavailable(refused.Message, TimeSpan.FromSeconds(1))
                : new GatewayFault(StatusCodes.Status422UnprocessableEntity, "refused", refused.Message));
        }
#pragma warning disable CA1031 // The fence: a defect of ours costs one request, and is told to our log and not to the caller.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            GatewayLog.Defect(log, context.Request.Method, context.Request.Path, defect);
            await AnswerAsync(context, new GatewayFault(StatusCodes.Status500InternalServerError, "defect", "The gateway failed on this request; its log says how."));
        }
    }

    private static async Task AnswerAsync(HttpContext context, GatewayFault fault)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        try
        {
            await Problem.WriteAsync(context, fault);
        }
        catch (OperationCanceledException)
        {
            // Gone while it was told.
        }
    }
}
