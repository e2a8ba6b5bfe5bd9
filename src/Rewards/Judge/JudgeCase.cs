using System.Text.Json;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Judge;

/// <summary>What a judge is shown of one rollout.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Conversation">Every message before the response, role by role; the question alone when the row has no messages.</param>
/// <param name="Response">What is judged.</param>
/// <param name="Reference">The gold answer, or null.</param>
/// <param name="Opponent">The response that it is compared with, or null.</param>
/// <remarks>
/// Differs: the question comes from the structured columns; the reference cuts it out of the decoded prompt, which loses
/// everything before the word that it cuts at and keeps the next speaker's name.
/// </remarks>
public sealed record JudgeCase(string Question, string Conversation, string Response, string? Reference, string? Opponent)
{
    /// <summary>The case of a rollout.</summary>
    /// <param name="rollout">The row: columns <c>messages</c>, else <c>question</c>, else the prompt; <c>opponent_response</c> for a comparison.</param>
    /// <param name="wholeResponse">Whether the part before <c>&lt;/think&gt;</c> is shown too.</param>
    public static JudgeCase Of(Rollout rollout, bool wholeResponse)
    {
        var messages = Messages(rollout.Column("messages"));
        var asked = messages.Where(m => m.Role is not ("system" or "developer")).ToList();
        var question = asked switch
        {
            [] => rollout.Text("question") ?? rollout.Prompt,
            [var only] => only.Content,
            _ => Transcript(asked),
        };
        var conversation = messages.Count == 0 ? question : Transcript(messages);
        return new JudgeCase(question, conversation, Shown(rollout.Response), rollout.GroundTruth, rollout.Text("opponent_response") is { } opponent ? Shown(opponent) : null);

        string Shown(string response)
        {
            var text = AnswerPart.WithoutSpecialTokens(response);
            return (wholeResponse ? text : AnswerPart.AfterThinking(text)).Trim();
        }
    }

    private static List<JudgeMessage> Messages(JsonElement? column)
    {
        List<JudgeMessage> messages = [];
        if (column is not { ValueKind: JsonValueKind.Array } list) return messages;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("content", out var content)) continue;
            var role = item.TryGetProperty("role", out var name) && name.ValueKind == JsonValueKind.String ? MessageText.Of(name) : "user";
            messages.Add(new JudgeMessage(role, MessageText.Of(content)));
        }

        return messages;
    }

    private static string Transcript(IEnumerable<JudgeMessage> messages) => string.Join("\n\n", messages.Select(m => $"{m.Role}: {m.Content}"));
}
