namespace Fleet.Rewards.Code;

/// <summary>A language that the sandbox runs.</summary>
public enum CodeLanguage
{
    /// <summary>Python 3.</summary>
    Python,

    /// <summary>C++17.</summary>
    Cpp,

    /// <summary>JavaScript on Node.js.</summary>
    JavaScript,

    /// <summary>Bash.</summary>
    Bash,

    /// <summary>Java, where the image has it.</summary>
    Java,
}

/// <summary>The names of languages as responses, rows and requests write them.</summary>
public static class CodeLanguages
{
    private static readonly Dictionary<string, CodeLanguage> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["python"] = CodeLanguage.Python,
        ["python3"] = CodeLanguage.Python,
        ["py"] = CodeLanguage.Python,
        ["py3"] = CodeLanguage.Python,
        ["cpp"] = CodeLanguage.Cpp,
        ["c++"] = CodeLanguage.Cpp,
        ["cpp17"] = CodeLanguage.Cpp,
        ["c++17"] = CodeLanguage.Cpp,
        ["cxx"] = CodeLanguage.Cpp,
        ["cc"] = CodeLanguage.Cpp,
        ["c"] = CodeLanguage.Cpp,
        ["javascript"] = CodeLanguage.JavaScript,
        ["js"] = CodeLanguage.JavaScript,
        ["node"] = CodeLanguage.JavaScript,
        ["nodejs"] = CodeLanguage.JavaScript,
        ["bash"] = CodeLanguage.Bash,
        ["sh"] = CodeLanguage.Bash,
        ["shell"] = CodeLanguage.Bash,
        ["java"] = CodeLanguage.Java,
    };

    // Languages that are programs, but that no image of ours runs.
    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        "rust", "rs", "go", "golang", "csharp", "cs", "c#", "ruby", "rb", "php", "swift", "kotlin", "kt", "scala", "typescript", "ts", "perl", "haskell", "lua", "julia",
    };

    /// <summary>The language of this name, or null when it is none of ours.</summary>
    public static CodeLanguage? Find(string? name) => name is not null && ByName.TryGetValue(name.Trim(), out var language) ? language : null;

    /// <summary>Whether this names a programming language that the sandbox does not run.</summary>
    public static bool IsForeign(string name) => Others.Contains(name);

    /// <summary>The name by which the sandbox and the row's detail know a language.</summary>
    public static string Name(this CodeLanguage language) => language switch
    {
        CodeLanguage.Python => "python",
        CodeLanguage.Cpp => "cpp",
        CodeLanguage.JavaScript => "javascript",
        CodeLanguage.Bash => "bash",
        _ => "java",
    };
}
