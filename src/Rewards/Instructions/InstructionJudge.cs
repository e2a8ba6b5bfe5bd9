namespace Fleet.Rewards.Instructions;

/// <summary>Judges the instructions of one response, each strictly and loosely.</summary>
internal sealed class InstructionJudge
{
    private readonly Parity _parity;
    private readonly ScoringContext _context;
    private readonly ResponseText _answer;
    private readonly ResponseText _official;
    private readonly LooseVariants _variants;

    /// <summary>Prepares the texts that are judged.</summary>
    /// <param name="response">The whole response as it came.</param>
    /// <param name="answer">What the model wrote after it stopped thinking, without special tokens.</param>
    /// <param name="parity">Which reading of the rules is used.</param>
    /// <param name="context">The budget, and where the verdicts are explained.</param>
    /// <remarks>Differs: the official checker knows no thinking and judges the whole response.</remarks>
    public InstructionJudge(string response, string answer, Parity parity, ScoringContext context)
    {
        _parity = parity;
        _context = context;
        _answer = new ResponseText(answer, context.Budget);
        _official = parity == Parity.Fixed || response == answer ? _answer : new ResponseText(response, context.Budget);
        _variants = new LooseVariants(_official.Text, context.Budget);
        context.Explain("judged", Excerpt.Clip(answer));
    }

    /// <summary>Whether the judged text is blank.</summary>
    public bool IsBlank => _answer.IsBlank;

    /// <summary>The two verdicts on one instruction; ROLL's functions know one only.</summary>
    public (bool Strict, bool Loose) Verdict(Instruction instruction)
    {
        var isOfficial = instruction.Form == InstructionForm.Official;
        var text = isOfficial ? _official : _answer;
        _context.Explain("instruction", instruction.Id);
        if (instruction.Fault is { } fault) _context.Explain("fault", fault.ToString());

        // A blank text would follow every prohibition. ROLL's functions let it.
        var canHold = instruction.Check is not null && !(text.IsBlank && (isOfficial || _parity == Parity.Fixed));
        var strict = canHold && Holds(instruction.Check!, text, _context.Explanation);
        var loose = strict || (canHold && isOfficial && HoldsLoosely(instruction.Check!));
        _context.Explain("verdict", isOfficial ? $"strict {strict}, loose {loose}" : $"{strict}");
        return (strict, loose);
    }

    private bool HoldsLoosely(Check check)
    {
        foreach (var variant in _variants.Others)
        {
            if (Holds(check, variant, notes: null)) return true;
        }

        return false;
    }

    private bool Holds(Check check, ResponseText text, Explanation? notes)
    {
        _context.Budget.Spend(text.Text.Length);
        return check(text, notes);
    }
}
