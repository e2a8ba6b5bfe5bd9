using System.Reflection;
using System.Runtime.Loader;
using Fleet.Contracts;
using Fleet.Worker.Scoring;

namespace Fleet.Worker.PlugIns;

/// <summary>Loads custom workers from the folder that this worker's own configuration allows: no message can name an assembly.</summary>
internal static class PlugInLoader
{
    /// <summary>The custom workers of the allowed assemblies.</summary>
    /// <exception cref="FleetException">An allowed assembly is missing or holds no worker.</exception>
    public static IReadOnlyList<Type> Load(WorkerOptions options)
    {
        if (options.PlugInFolder is not { } folder)
        {
            if (options.PlugInAllowList.Count > 0) throw new FleetException("plugins.allow names assemblies, but plugins.folder is not set; set it to the folder that holds them.");
            return [];
        }

        var found = new List<Type>();
        foreach (var file in options.PlugInAllowList)
        {
            if (Path.GetFileName(file) != file) throw new FleetException($"plugins.allow holds '{file}'; write the file name alone, it is looked for in plugins.folder.");
            var path = Path.GetFullPath(Path.Combine(folder, file));
            if (!File.Exists(path)) throw new FleetException($"The plug-in '{file}' is not in {Path.GetFullPath(folder)}; put it there or take it out of plugins.allow.");
            var workers = Workers(path);
            if (workers.Count == 0) throw new FleetException($"The plug-in '{file}' holds no public class that derives from {nameof(RewardWorker)} and has a constructor without parameters.");
            found.AddRange(workers);
        }

        return found;
    }

    private static List<Type> Workers(string path)
    {
        try
        {
            return [.. new PlugInContext(path).LoadFromAssemblyPath(path).GetExportedTypes()
                .Where(type => type is { IsAbstract: false, IsClass: true } && type.IsAssignableTo(typeof(RewardWorker)) && type.GetConstructor(Type.EmptyTypes) is not null)];
        }
        catch (Exception broken) when (broken is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException or ReflectionTypeLoadException)
        {
            throw new FleetException($"The plug-in {path} cannot be loaded ({broken.Message}); build it against this release of Fleet.", inner: broken);
        }
    }

    // What the host has is shared, so that a plug-in's RewardWorker is this RewardWorker; the rest comes from beside the plug-in.
    private sealed class PlugInContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            try
            {
                return Default.LoadFromAssemblyName(assemblyName);
            }
            catch (FileNotFoundException)
            {
                return _resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
            }
        }
    }
}
