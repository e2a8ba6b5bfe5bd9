namespace Fleet.Rewards.Judge.Verdicts;

/// <summary>Reads the verdict out of a judge's answer. Each template has one; an answer in another form holds no verdict.</summary>
/// <remarks>
/// A parser reads only what a judge says in the form that it was asked for, at the place where it was asked to say it. A
/// verdict that the judge merely quotes from the judged text is never read, and an answer with two verdicts holds none.
/// </remarks>
public interface IVerdictParser
{
    /// <summary>How a verdict looks, for the request and for messages: <c>YES or NO</c>, <c>Score: x with x from 0 to 10</c>.</summary>
    string Form { get; }

    /// <summary>Whether the verdict is in the probabilities of the first token, so that the rest of the answer may be missing.</summary>
    bool ReadsFirstToken => false;

    /// <summary>The verdict, or why there is none. Never throws.</summary>
    /// <param name="text">The judge's final words: no reasoning, no code fence around them.</param>
    /// <param name="answer">The whole answer.</param>
    VerdictReading Read(string text, JudgeAnswer answer);
}
