namespace Fleet.Contracts.Batches;

/// <summary>The command <c>run_code</c> of the code domain, and the columns of its batches.</summary>
public static class RunCodeKeys
{
    /// <summary>The command's name.</summary>
    public const string Method = "run_code";

    /// <summary>A request as SandboxFusion's <c>POST /run_code</c> takes it. Shape: JSON [B], or its text.</summary>
    public const string Request = "run_code_request";

    /// <summary>The answer as that server gives it; for a request that cannot be read one with status <c>SandboxError</c>. Shape: JSON [B].</summary>
    public const string Answer = "run_code_answer";
}
