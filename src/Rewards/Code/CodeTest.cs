namespace Fleet.Rewards.Code;

/// <summary>How the tests of a row are run.</summary>
public enum CodeKind
{
    /// <summary>The program reads its standard input, and its standard output is compared.</summary>
    Script,

    /// <summary>A function of the program is called with JSON arguments, and its result is compared.</summary>
    Call,

    /// <summary>Statements that use the program's names.</summary>
    Assert,

    /// <summary>Test functions, test classes or pytest tests that use the program's names.</summary>
    Pytest,

    /// <summary>A function <c>check(candidate)</c>.</summary>
    CheckBased,

    /// <summary>Statements about the response as a text.</summary>
    Text,
}

/// <summary>One test of a row. Which members count depends on the kind.</summary>
public sealed record CodeTest
{
    /// <summary>What the program reads, or one JSON argument a line.</summary>
    public string Stdin { get; init; } = "";

    /// <summary>What the program must print, or the result in JSON. Never leaves this process.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The test code.</summary>
    public string Code { get; init; } = "";

    /// <summary>Imports that stand before solution and tests.</summary>
    public string ImportPrefix { get; init; } = "";

    /// <summary>The name under test; empty when the test code says it itself.</summary>
    public string EntryPoint { get; init; } = "";
}
