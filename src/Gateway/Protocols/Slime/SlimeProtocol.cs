using System.Text.Json;
using Fleet.Contracts.Names;
using Fleet.Gateway.Access;
using Fleet.Gateway.Api;
using Fleet.Gateway.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Gateway.Protocols.Slime;

/// <summary>slime's remote reward model (<c>--rm-type remote_rm</c>), and miles': <c>POST {prompt, response, label}</c>, one sample, answered with one number.</summary>
/// <remarks>
/// <c>?form=object</c> answers an object, for <c>--reward-key reward</c> or <c>score</c>. The reward of a row whose own data
/// is wrong is NaN, or what <c>on_unscored</c> says; a row that the fleet could not score makes the answer 503, which the client
/// tries again nine times. Responses end with the token that ended them unless slime runs with <c>--rollout-skip-special-tokens</c>.
/// Source: THUDM/slime slime/rollout/rm_hub/__init__.py remote_rm.
/// </remarks>
internal sealed class SlimeProtocol(ProtocolRows rows, Admission admission, GatewayOptions options) : ITrainerProtocol
{
    // The client gives up after 120 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(110);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/slime/{domain?}", (RequestDelegate)AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        using var ticket = admission.Enter();
        var request = context.Request;
        var isObject = request.Query["form"].FirstOrDefault() switch
        {
            null or "number" => false,
            "object" => true,
            _ => throw GatewayFault.BadRequest("'form' is neither number nor object."),
        };
        var body = ProtocolBody.Object(await Body.ReadAsync(request, ticket, options.MaxBodyBytes, context.RequestAborted));
        if (!body.TryGetProperty("response", out var response) || response.ValueKind != JsonValueKind.String) throw GatewayFault.BadRequest("'response' is missing or no text.");
        body.TryGetProperty("prompt", out var prompt);
        body.TryGetProperty("label", out var label);
        var results = await rows.ScoreAsync(context, [rows.Build(request, 1, prompt, SpecialTokens.CutEnd(response.GetString()!), label)], Patience);
        var result = results.Rows[0];

        context.Response.ContentType = MediaTypes.Json;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            if (!isObject)
            {
                results.Write(json, result.Reward);
            }
            else
            {
                json.WriteStartObject();
                json.WritePropertyName("reward");
                results.Write(json, result.Reward);
                json.WritePropertyName("score");
                results.Write(json, result.Score);
                json.WriteString("status", result.Status.Word());
                json.WriteString("reason", result.Reason);
                json.WriteEndObject();
            }
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
