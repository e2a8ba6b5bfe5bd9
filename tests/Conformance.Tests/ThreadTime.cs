using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fleet.Conformance.Tests;

/// <summary>Processor time of the calling thread: a claim about work must not turn on who else uses the machine.</summary>
internal static class ThreadTime
{
    private const int ThreadCpuTime = 3;

    /// <summary>How long an action keeps this thread busy, in milliseconds; elapsed time where the system cannot tell.</summary>
    public static double Milliseconds(Action action)
    {
        var start = Now();
        action();
        return Now() - start;
    }

    private static double Now() =>
        OperatingSystem.IsLinux() && ClockGetTime(ThreadCpuTime, out var time) == 0
            ? time.Seconds * 1e3 + time.Nanoseconds / 1e6
            : Stopwatch.GetTimestamp() * 1e3 / Stopwatch.Frequency;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
