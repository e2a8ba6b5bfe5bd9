using System.Globalization;
using Fleet.Contracts.Messages;
using Fleet.Dispatcher;
using Fleet.Dispatcher.Collecting;
using Fleet.Dispatcher.Rollouts;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Http;

namespace Fleet.Gateway.Api;

/// <summary>What the address of a request says of the call: <c>timeout</c>, <c>order</c>, <c>lane</c> and <c>on_unscored</c>.</summary>
internal readonly record struct CallForm(TimeSpan? Timeout, bool? InOrder, Lane Lane, OnUnscored? OnUnscored)
{
    private const double LongestSeconds = 7 * 86_400;

    /// <summary>Reads the query of an address; names that it does not know are left alone.</summary>
    /// <exception cref="GatewayFault">A value is none of those allowed.</exception>
    public static CallForm Of(HttpRequest request)
    {
        if (!request.QueryString.HasValue) return default;
        var query = request.Query;
        return new CallForm(Seconds(query["timeout"]), Order(query["order"]), LaneOf(query["lane"]), Unscored(query["on_unscored"]));
    }

    /// <summary>How a call of this form is made.</summary>
    /// <param name="timeout">Its limit where the address says none; null for the dispatcher's own.</param>
    /// <param name="inOrder">Its order where the address says none.</param>
    public CallOptions Options(TimeSpan? timeout, bool inOrder) => new() { Timeout = Timeout ?? timeout, InOrder = InOrder ?? inOrder, Lane = Lane };

    private static TimeSpan? Seconds(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw GatewayFault.BadRequest($"'timeout' is '{Excerpt.Of(text)}'; expected are seconds above 0 and at most {LongestSeconds:0}.");
    }

    private static bool? Order(string? text) => text switch
    {
        null or "" => null,
        "input" => true,
        "finished" => false,
        _ => throw GatewayFault.BadRequest($"'order' is '{Excerpt.Of(text)}'; expected is input or finished."),
    };

    private static Lane LaneOf(string? text) => text switch
    {
        null or "" or "training" => Lane.Training,
        "evaluation" => Lane.Evaluation,
        _ => throw GatewayFault.BadRequest($"'lane' is '{Excerpt.Of(text)}'; expected is training or evaluation."),
    };

    private static OnUnscored? Unscored(string? text) => text switch
    {
        null or "" => null,
        "nan" => Dispatcher.Collecting.OnUnscored.Nan,
        "zero" => Dispatcher.Collecting.OnUnscored.Zero,
        "raise" => Dispatcher.Collecting.OnUnscored.Raise,
        "drop_row" => Dispatcher.Collecting.OnUnscored.DropRow,
        "drop_group" => Dispatcher.Collecting.OnUnscored.DropGroup,
        _ => throw GatewayFault.BadRequest($"'on_unscored' is '{Excerpt.Of(text)}'; expected is nan, zero, raise, drop_row or drop_group."),
    };
}
