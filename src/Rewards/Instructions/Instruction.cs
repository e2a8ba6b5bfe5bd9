namespace Fleet.Rewards.Instructions;

/// <summary>Decides whether a text follows one instruction.</summary>
/// <param name="text">The text that is judged.</param>
/// <param name="notes">Where to write down what was seen and where; null unless somebody asked.</param>
internal delegate bool Check(ResponseText text, Explanation? notes);

/// <summary>One instruction of a ground truth.</summary>
/// <param name="Id">The function's name or the official id.</param>
/// <param name="Form">Which of the two kinds of ground truth it came from.</param>
/// <param name="Check">The rule; null when the parameters are unusable.</param>
/// <param name="Fault">What is wrong with the parameters; null when nothing is.</param>
internal sealed record Instruction(string Id, InstructionForm Form, Check? Check, Reason? Fault);

/// <summary>The two kinds of ground truth.</summary>
internal enum InstructionForm
{
    /// <summary><c>{"func_name": ..., parameters}</c>, the functions of ROLL's worker.</summary>
    Roll,

    /// <summary><c>{"instruction_id_list": [...], "kwargs": [...]}</c>, the official instruction types.</summary>
    Official,
}
