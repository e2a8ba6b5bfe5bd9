using System.Collections.Concurrent;
using System.Reflection;
using Fleet.Contracts;
using Fleet.Contracts.Batches;
using Fleet.Contracts.Ranks;
using Fleet.Worker.Scoring;

namespace Fleet.Worker.Runs;

/// <summary>The registered methods of a worker class, by their names on the wire.</summary>
internal sealed class MethodTable
{
    /// <summary>Initialising comes with the configuration, over the broadcast; it is registered but has no argument on the queue.</summary>
    private const string Initialize = "initialize";

    private static readonly ConcurrentDictionary<Type, MethodTable> Tables = new();

    private readonly Dictionary<string, (MethodInfo Method, RegisterAttribute Register)> _methods = new(StringComparer.Ordinal);

    private MethodTable(Type type)
    {
        foreach (var method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public))
        {
            if (method.GetCustomAttribute<RegisterAttribute>(inherit: true) is not { } register) continue;
            var name = RegisteredMethod.WireName(method.Name);
            if (name != Initialize) Check(type, method);
            _methods[name] = (method, register);
        }

        Methods = [.. _methods.Select(entry => new RegisteredMethod(entry.Key, entry.Value.Register.Mode, entry.Value.Register.GroupLevel)).OrderBy(m => m.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<RegisteredMethod> Methods { get; }

    public static MethodTable Of(Type type) => Tables.GetOrAdd(type, static t => new MethodTable(t));

    /// <summary>Calls a method by its wire name.</summary>
    /// <exception cref="FleetException">There is no such method.</exception>
    public async Task<DataProto?> InvokeAsync(RewardWorker worker, string name, DataProto? argument, CancellationToken cancellation)
    {
        if (name == Initialize || !_methods.TryGetValue(name, out var entry))
        {
            throw new FleetException(
                $"{worker.GetType().Name} has no registered method '{name}'; it has {string.Join(", ", Methods.Select(m => m.Name))}.");
        }

        var arguments = entry.Method.GetParameters()
            .Select(parameter => parameter.ParameterType == typeof(CancellationToken) ? cancellation : (object?)(argument ?? DataProto.Empty))
            .ToArray();
        object? returned;
        try
        {
            returned = entry.Method.Invoke(worker, arguments);
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }

        var result = returned switch
        {
            Task<DataProto> task => await task,
            Task task => await Done(task),
            DataProto batch => batch,
            _ => null,
        };
        if (entry.Register.ClearCache) await worker.ClearCacheAsync(cancellation);
        return result;
    }

    private static async Task<DataProto?> Done(Task task)
    {
        await task;
        return null;
    }

    private static void Check(Type type, MethodInfo method)
    {
        var batches = method.GetParameters().Count(p => p.ParameterType == typeof(DataProto));
        var others = method.GetParameters().Count(p => p.ParameterType != typeof(DataProto) && p.ParameterType != typeof(CancellationToken));
        var returns = method.ReturnType;
        var isReturnable = returns == typeof(void) || returns == typeof(DataProto) || returns == typeof(Task) || returns == typeof(Task<DataProto>);
        if (batches <= 1 && others == 0 && isReturnable) return;
        throw new FleetException(
            $"{type.Name}.{method.Name} cannot be registered: take at most one DataProto and a CancellationToken, and return nothing, a DataProto, or a task of either; other arguments travel in the DataProto's MetaInfo.");
    }
}
