using System.Text.Json;
using Fleet.Rewards.Instructions.Official;
using Fleet.Rewards.Instructions.Roll;

namespace Fleet.Rewards.Instructions;

/// <summary>The instructions of a ground truth, or what is wrong with it.</summary>
/// <remarks>
/// A ground truth is <c>{"func_name": ..., parameters}</c>, <c>{"instruction_id_list": [...], "kwargs": [...]}</c>, or a list of such objects.
/// </remarks>
internal static class InstructionList
{
    /// <summary>Reads a ground truth.</summary>
    /// <param name="groundTruth">Its JSON text; null when the row has none.</param>
    /// <param name="parity">Which reading of the rules the instructions follow.</param>
    /// <param name="fault">Why the row cannot be scored; null when it can.</param>
    /// <returns>At least one instruction, or none when there is a fault.</returns>
    public static List<Instruction> Read(string? groundTruth, Parity parity, out Reason? fault)
    {
        var instructions = new List<Instruction>();
        fault = null;
        if (string.IsNullOrWhiteSpace(groundTruth))
        {
            fault = new Reason("no_ground_truth", "The row names no instruction.");
            return instructions;
        }

        try
        {
            using var document = JsonDocument.Parse(groundTruth);
            fault = Add(document.RootElement, parity, instructions);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, or half a surrogate pair in it, bare or escaped.
            fault = new Reason("bad_ground_truth", $"The ground truth is not JSON: {Excerpt.Clip(groundTruth)}");
        }

        if (fault is not null) instructions.Clear();
        return instructions;
    }

    private static Reason? Add(JsonElement element, Parity parity, List<Instruction> instructions)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                if (element.GetArrayLength() == 0) return new Reason("no_ground_truth", "The list of instructions is empty.");
                foreach (var item in element.EnumerateArray())
                {
                    if (Add(item, parity, instructions) is { } fault) return fault;
                }

                return null;
            case JsonValueKind.Object when element.TryGetProperty("instruction_id_list", out var ids):
                return AddOfficial(ids, element.TryGetProperty("kwargs", out var all) ? all : default, instructions);
            case JsonValueKind.Object when element.TryGetProperty("func_name", out var name):
                return AddRoll(name, element, parity, instructions);
            case JsonValueKind.String when instructions.Count == 0:
                // A ground truth that was turned into JSON text twice.
                using (var inner = JsonDocument.Parse(element.GetString()!))
                {
                    return inner.RootElement.ValueKind == JsonValueKind.String
                        ? NeitherForm(element)
                        : Add(inner.RootElement, parity, instructions);
                }

            default:
                return NeitherForm(element);
        }
    }

    private static Reason NeitherForm(JsonElement element) =>
        new("bad_ground_truth", $"The ground truth has neither func_name nor instruction_id_list: {Excerpt.Clip(element.GetRawText())}");

    private static Reason? AddRoll(JsonElement name, JsonElement parameters, Parity parity, List<Instruction> instructions)
    {
        var instruction = name.ValueKind == JsonValueKind.String
            ? RollFunctions.Create(name.GetString()!, new Parameters(parameters), parity)
            : null;
        if (instruction is null) return Unknown("function", name);
        instructions.Add(instruction);
        return null;
    }

    private static Reason? AddOfficial(JsonElement ids, JsonElement all, List<Instruction> instructions)
    {
        if (ids.ValueKind != JsonValueKind.Array || ids.GetArrayLength() == 0)
            return new Reason("bad_ground_truth", "instruction_id_list must be a list with at least one id.");

        var index = 0;
        foreach (var id in ids.EnumerateArray())
        {
            var values = all.ValueKind == JsonValueKind.Array && index < all.GetArrayLength() && all[index].ValueKind == JsonValueKind.Object
                ? all[index]
                : (JsonElement?)null;
            var instruction = id.ValueKind == JsonValueKind.String
                ? OfficialInstructions.Create(id.GetString()!, new Parameters(values))
                : null;
            if (instruction is null) return Unknown("instruction", id);
            instructions.Add(instruction);
            index++;
        }

        return null;
    }

    private static Reason Unknown(string kind, JsonElement name) =>
        new("unknown_instruction", $"There is no {kind} {Excerpt.Clip(name.GetRawText())}.");
}
