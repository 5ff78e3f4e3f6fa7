using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: MeshRoll.Tests.Shared.EndsInTime]

namespace MeshRoll.Tests.Shared;

/// <summary>
/// A test that does not end would take the whole run with it, and nobody would learn which one it was: after a quarter of an hour (hardly one takes more
/// than a minute) the process ends itself and says which tests were still running.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class EndsInTimeAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly ConcurrentDictionary<string, (string Name, long Began)> Running = new();
    // A thread of its own: the pool may be what hangs.
    private static readonly Thread Watch = Begin();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        _ = Watch;
        Running[test.UniqueID] = (test.TestDisplayName, Environment.TickCount64);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Running.TryRemove(test.UniqueID, out _);

    private static Thread Begin()
    {
        var watch = new Thread(() =>
        {
            while (true)
            {
                Thread.Sleep(TimeSpan.FromSeconds(5));
                var now = Environment.TickCount64;
                if (!Running.Values.Any(test => now - test.Began > Patience.TotalMilliseconds)) continue;
                var names = Running.Values.OrderBy(test => test.Began).Select(test => $"{test.Name}, for {(now - test.Began) / 1000} s");
                Environment.FailFast($"A test did not end within {Patience.TotalMinutes} minutes. Still running: {string.Join("; ", names)}");
            }
        })
        { IsBackground = true };
        watch.Start();
        return watch;
    }
}
