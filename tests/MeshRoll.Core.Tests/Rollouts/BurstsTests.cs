using System.Collections.Concurrent;
using MeshRoll.Core.Rollouts.Following;

namespace MeshRoll.Core.Tests.Rollouts;

public sealed class BurstsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_told_again_before_its_turn_has_one_turn()
    {
        var (looks, isLooking, goOn) = (new ConcurrentQueue<string>(), new SemaphoreSlim(0), new SemaphoreSlim(0));
        var bursts = new Bursts<string>(subject =>
        {
            looks.Enqueue(subject);
            isLooking.Release();
            goOn.Wait(Soon);
        });

        bursts.Tell("web");
        Assert.True(await isLooking.WaitAsync(Soon, TestContext.Current.CancellationToken));
        foreach (var subject in (string[])["cart", "cart", "till", "cart", "web", "web"]) bursts.Tell(subject);
        for (var i = 0; i < 3; i++)
        {
            goOn.Release();
            Assert.True(await isLooking.WaitAsync(Soon, TestContext.Current.CancellationToken));
        }
        goOn.Release();

        Assert.Equal(["web", "cart", "till", "web"], looks);
    }

    [Fact]
    public async Task Whoever_tells_from_many_threads_is_looked_at_after_his_last_word_and_by_one_at_a_time()
    {
        var (told, seen, inside, most, looks) = (new int[20], new int[20], 0, 0, 0);
        var bursts = new Bursts<int>(subject =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            looks++;
            Volatile.Write(ref seen[subject], Volatile.Read(ref told[subject]));
            Interlocked.Decrement(ref inside);
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(teller => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var subject = ((i * 7) + teller) % told.Length;
                Interlocked.Increment(ref told[subject]);
                bursts.Tell(subject);
            }
        }, TestContext.Current.CancellationToken)));
        Assert.True(SpinWait.SpinUntil(() => Enumerable.Range(0, told.Length).All(subject => Volatile.Read(ref seen[subject]) == told[subject]), Soon), "a last word was not looked at");

        Assert.Equal(20_000, told.Sum());
        Assert.Equal(1, most);
        Assert.InRange(looks, told.Length, 20_000);
    }
}
