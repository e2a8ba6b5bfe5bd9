using Fleet.Contracts;
using Fleet.Dispatcher.Rollouts;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Faults;

/// <summary>A request that is answered with an error: its status, a short code and one sentence.</summary>
internal sealed class GatewayFault(int status, string code, string sentence, TimeSpan? retryAfter = null) : FleetException(sentence, isTransient: retryAfter is not null)
{
    /// <summary>The status of the answer.</summary>
    public int Status { get; } = status;

    /// <summary>The code, in snake_case.</summary>
    public string Code { get; } = code;

    /// <summary>When to try again; null when trying again does not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public static GatewayFault BadRequest(string sentence) => new(StatusCodes.Status400BadRequest, "bad_request", sentence);

    public static GatewayFault NoKey() => new(
        StatusCodes.Status401Unauthorized, "no_key", "The request shows no API key that this gateway knows; send it as 'Authorization: Bearer KEY'.");

    public static GatewayFault TooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, "too_large", $"The body is larger than {limit:N0} bytes; send fewer rows at once, or stream them as application/x-ndjson.");

    public static GatewayFault WrongType(string? found, string expected) => new(
        StatusCodes.Status415UnsupportedMediaType, "wrong_type", $"The content type is '{Excerpt.Of(found ?? "")}'; expected is {expected}.");

    public static GatewayFault NotAcceptable(string asked, string offered) => new(
        StatusCodes.Status406NotAcceptable, "not_acceptable", $"None of '{Excerpt.Of(asked)}' can be answered; offered are {offered}.");

    public static GatewayFault Full(string sentence, TimeSpan retryAfter) => new(StatusCodes.Status429TooManyRequests, "full", sentence, retryAfter);

    public static GatewayFault Unavailable(string sentence, TimeSpan retryAfter) => new(StatusCodes.Status503ServiceUnavailable, "unavailable", sentence, retryAfter);
}
