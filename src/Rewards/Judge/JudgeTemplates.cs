namespace Fleet.Rewards.Judge;

/// <summary>The templates that are built in.</summary>
public static class JudgeTemplates
{
    /// <summary>The name of the reference's template that asks for exactly YES or NO.</summary>
    public const string RlvrName = "Qwen2.5-7B-Instruct-RLVR-prompt";

    /// <summary>Does the final answer of the response match the reference answer: YES or NO.</summary>
    /// <remarks>Source: the meaning of the reference's template of this name; the words are our own.</remarks>
    public static JudgeTemplate Rlvr { get; } = new(
        RlvrName,
        """
        You check answers. Decide whether the final answer of a response is the same as the reference answer.

        How to decide:
        - Find the final answer in the response and compare it with the reference answer. Nothing else in the response counts.
        - The two must say exactly the same; the language, the notation and the order of words that they say it in do not matter.
        - If the final answer is missing, unclear, incomplete or hedged between several, the verdict is NO.
        - Do not solve the question yourself, and do not explain.

        The question:
        {question}

        The reference answer:
        {reference}

        The response to check:
        {response}

        Write exactly one word, {form}, and nothing else.
        """,
        new ParserSettings(VerdictForm.YesNo));

    /// <summary>How good is the response: a number from 0 to 10.</summary>
    public static JudgeTemplate Default { get; } = new(
        "default",
        """
        You rate answers. Say how good the response is as an answer to the question, from 0 (useless or wrong) to 10 (right, complete and clear).
        Where a reference answer is given, a response that contradicts it cannot be rated above 3.

        The question:
        {question}

        The reference answer (may be empty):
        {reference}

        The response to rate:
        {response}

        Write one line of the form {form}, and nothing after it.
        """,
        new ParserSettings(VerdictForm.Number));

    /// <summary>How well does the response meet each of several criteria.</summary>
    public static JudgeTemplate Rubric { get; } = new(
        "rubric",
        """
        You rate answers by several criteria, each on its own.

        The criteria:
        {criteria}

        The question:
        {question}

        The reference answer (may be empty):
        {reference}

        The response to rate:
        {response}

        Write {form}, in this order, and nothing else.
        """,
        new ParserSettings(VerdictForm.Rubric));

    /// <summary>Which of two responses is better.</summary>
    public static JudgeTemplate Pairwise { get; } = new(
        "pairwise",
        """
        You compare two responses to the same question. Say which is the better answer: more correct first, then more complete, then clearer.
        Their order and their length mean nothing.

        The question:
        {question}

        Response A:
        {first}

        Response B:
        {second}

        Write exactly one word, {form}, and nothing else.
        """,
        new ParserSettings(VerdictForm.Pairwise));

    /// <summary>The names of the built-in templates.</summary>
    public static IReadOnlyList<string> Names { get; } = [RlvrName, "default", "rubric", "pairwise"];

    /// <summary>The built-in template of this name, or null.</summary>
    public static JudgeTemplate? Named(string name) => new[] { Rlvr, Default, Rubric, Pairwise }.FirstOrDefault(t => t.Name == name);
}
