using Fleet.Rewards.Code;

namespace Fleet.Worker.Sandbox;

/// <summary>Runs programs that nobody trusts.</summary>
public interface ICodeSandbox
{
    /// <summary>Names what runs are done with, such as the image; the same plan may come out differently under another identity.</summary>
    string Identity { get; }

    /// <summary>Runs the tests of a plan.</summary>
    /// <returns>One observation for each test, in order.</returns>
    /// <exception cref="SandboxException">The sandbox could not run them; the plan is not to blame.</exception>
    Task<IReadOnlyList<Observation>> RunAsync(CodePlan plan, CancellationToken cancel);

    /// <summary>Runs one program as a SandboxFusion server does.</summary>
    /// <returns>The answer; a failure of the sandbox itself is an answer too, with status <c>SandboxError</c>.</returns>
    Task<RunCodeResult> RunCodeAsync(RunCodeRequest request, CancellationToken cancel);
}
