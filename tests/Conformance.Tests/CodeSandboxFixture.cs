using Fleet.Worker.Sandbox;

namespace Fleet.Conformance.Tests;

/// <summary>Two slots of the machine's own engine, for the tests of one class.</summary>
public sealed class CodeSandboxFixture : IAsyncDisposable
{
    private readonly DockerSandbox _sandbox = new(new SandboxOptions { Slots = 2, EnginePatienceSeconds = 5 }, TimeProvider.System);

    public CodeSandboxFixture() => Scorer = new CodeScorer(_sandbox);

    internal CodeScorer Scorer { get; }

    internal DockerSandbox Sandbox => _sandbox;

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();
}
