namespace Fleet.Contracts.Batches;

/// <summary>Where the padding of a row stands.</summary>
public enum PadSide
{
    /// <summary>After the tokens, as responses are padded.</summary>
    Right,

    /// <summary>Before the tokens, as prompts are padded.</summary>
    Left,
}
