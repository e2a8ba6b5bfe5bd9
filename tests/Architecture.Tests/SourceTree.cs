using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Fleet.Architecture.Tests;

/// <summary>The project's own sources, found from where the tests run.</summary>
internal static class SourceTree
{
    private static readonly Regex Comment = new("//.*", RegexOptions.NonBacktracking);

    public static string Root { get; } = FindRoot();

    /// <summary>The names of the projects under src.</summary>
    public static string[] Projects { get; } = [.. Directory.EnumerateDirectories(Path.Combine(Root, "src"))
        .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any()).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    /// <summary>What a project's file refers to: <c>ProjectReference</c> by name, <c>PackageReference</c> by id.</summary>
    public static string[] References(string project, string kind) =>
        [.. XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj")).Descendants(kind)
            .Select(reference => reference.Attribute("Include")!.Value)
            .Select(include => kind == "ProjectReference" ? Path.GetFileNameWithoutExtension(include.Replace('\\', '/')) : include)
            .Order(StringComparer.Ordinal)];

    /// <summary>Files under src, relative to it, whose code names something of a namespace; comments do not count.</summary>
    public static IEnumerable<string> FilesNaming(string @namespace)
    {
        var named = new Regex($@"(^|[^\w.]){Regex.Escape(@namespace)}(\.|;)", RegexOptions.NonBacktracking);
        string sources = Path.Combine(Root, "src");
        return Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => named.IsMatch(Comment.Replace(line, string.Empty))))
            .Select(file => Path.GetRelativePath(sources, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
    }

    private static string FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Fleet.sln"))) root = root.Parent;
        return root?.FullName ?? throw new InvalidOperationException("Fleet.sln is in no folder above the tests.");
    }
}
