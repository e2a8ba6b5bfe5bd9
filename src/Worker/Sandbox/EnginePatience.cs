namespace Fleet.Worker.Sandbox;

/// <summary>Waits for an engine that does not answer, together for all who need it, and not longer than asked.</summary>
internal sealed class EnginePatience(TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private long? _silentSince;

    /// <summary>Does something that needs the engine, again and again while the engine is silent.</summary>
    /// <exception cref="SandboxException">The engine has been silent for too long, whoever noticed first.</exception>
    public async Task<T> WaitAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var answer = await ask();
                lock (_lock) _silentSince = null;
                return answer;
            }
            catch (EngineSilentException error)
            {
                if (SilentFor() >= patience) throw error.ToSandboxException();
            }

            await Task.Delay(Pause, time, cancel);
        }
    }

    private TimeSpan SilentFor()
    {
        lock (_lock)
        {
            _silentSince ??= time.GetTimestamp();
            return time.GetElapsedTime(_silentSince.Value);
        }
    }
}
