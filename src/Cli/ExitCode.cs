namespace Fleet.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>Every row has a result row, and few enough are unscored.</summary>
    public const int Done = 0;

    /// <summary>Something else went wrong.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Every row has a result row, but too many are unscored.</summary>
    public const int TooManyUnscored = 3;
}
