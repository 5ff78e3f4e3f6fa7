using MeshRoll.Errors;
using MeshRoll.Pipeline;

namespace MeshRoll.Tests.Pipeline;

public class CommandPumpTests
{
    private readonly RecordingPipeline _pipeline = new();

    [Fact]
    public void What_the_work_says_comes_out_in_order_and_on_the_pipeline_thread()
    {
        var error = CommandErrors.Of("MeshRoll.Trial", default, "no");
        Run(async (output, _) =>
        {
            await output.WriteVerboseAsync("a");
            await Task.Yield();
            await output.WriteAsync(1);
            await output.WriteErrorAsync(error);
            await output.WriteWarningAsync("b");
            await output.WriteDebugAsync("c");
            await output.WriteAsync(2);
        });

        Assert.Equal(["verbose: a", 1, error, "warning: b", "debug: c", 2], _pipeline.Written);
        Assert.Equal([Environment.CurrentManagedThreadId], _pipeline.Threads);
    }

    [Fact]
    public void Work_that_is_faster_than_the_pipeline_waits_for_it()
    {
        var written = 0;
        var most = 0;
        _pipeline.OnWrite = value => most = Math.Max(most, Volatile.Read(ref written) - (int)value);
        Run(async (output, _) =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                Volatile.Write(ref written, i);
                await output.WriteAsync(i);
            }
        });

        Assert.Equal(Enumerable.Range(0, 5_000).Cast<object>(), _pipeline.Written);
        Assert.InRange(most, 0, 300);
    }

    [Fact]
    public void The_answer_to_a_question_reaches_the_work()
    {
        var pipeline = new RecordingPipeline { Answer = (target, _) => target == "web" };
        using var pump = new CommandPump(pipeline, TimeProvider.System);
        pump.Start(async (output, _) =>
        {
            foreach (var target in new[] { "web", "db" }) await output.WriteAsync(await output.ShouldProcessAsync(target, "Restart"));
        });

        Assert.Null(pump.Finish());
        Assert.Equal(["Restart on web?", true, "Restart on db?", false], pipeline.Written);
    }

    [Fact]
    public void What_the_work_throws_is_given_back_after_what_it_said()
    {
        using var pump = new CommandPump(_pipeline, TimeProvider.System);
        pump.Start(async (output, _) =>
        {
            await output.WriteAsync(1);
            throw new InvalidOperationException("broken");
        });

        Assert.Equal("broken", pump.Finish()?.Message);
        Assert.Equal([1], _pipeline.Written);
    }

    [Fact]
    public async Task Stopping_cancels_the_work_and_returns_when_it_has_ended()
    {
        var ended = false;
        using var pump = new CommandPump(_pipeline, TimeProvider.System);
        pump.Start(async (output, cancellationToken) =>
        {
            await output.WriteAsync("begun");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                ended = true;
            }
        });
        var begun = new TaskCompletionSource();
        _pipeline.OnWrite = _ => begun.TrySetResult();
        var finishing = Task.Run(pump.Finish, TestContext.Current.CancellationToken);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        pump.Stop();

        Assert.Null(await finishing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(ended);
    }

    [Fact]
    public void A_command_downstream_that_has_enough_ends_the_work()
    {
        var cancelled = false;
        _pipeline.OnWrite = _ => throw new EnoughException();
        using var pump = new CommandPump(_pipeline, TimeProvider.System);
        pump.Start(async (output, cancellationToken) =>
        {
            try
            {
                for (var i = 0; ; i++) await output.WriteAsync(i);
            }
            finally
            {
                cancelled = cancellationToken.IsCancellationRequested;
            }
        });

        Assert.Throws<EnoughException>(() => pump.Finish());
        Assert.True(cancelled);
        Assert.Equal([0], _pipeline.Written);
    }

    [Fact]
    public async Task A_question_that_is_never_answered_does_not_hold_up_the_end()
    {
        _pipeline.OnWrite = _ => throw new EnoughException();
        using var pump = new CommandPump(_pipeline, TimeProvider.System);
        var answer = new TaskCompletionSource<Exception?>();
        pump.Start(async (output, _) =>
        {
            try
            {
                await output.ShouldProcessAsync("web", "Restart");
            }
            catch (Exception e)
            {
                answer.SetResult(e);
                throw;
            }
        });

        Assert.Throws<EnoughException>(() => pump.Finish());
        Assert.IsAssignableFrom<OperationCanceledException>(await answer.Task);
    }

    [Fact]
    public void Draining_writes_what_is_there_and_does_not_wait()
    {
        using var release = new ManualResetEventSlim();
        using var written = new ManualResetEventSlim();
        using var pump = new CommandPump(_pipeline, TimeProvider.System);
        pump.Start(async (output, _) =>
        {
            await output.WriteAsync("early");
            written.Set();
            release.Wait(TestContext.Current.CancellationToken);
            await output.WriteAsync("late");
        });
        Assert.True(written.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        pump.Drain();
        Assert.Equal(["early"], _pipeline.Written);

        release.Set();
        Assert.Null(pump.Finish());
        Assert.Equal(["early", "late"], _pipeline.Written);
    }

    [Fact]
    public void Disposing_ends_work_that_nobody_waits_for()
    {
        var ended = new TaskCompletionSource();
        using (var pump = new CommandPump(_pipeline, TimeProvider.System))
        {
            pump.Start(async (_, cancellationToken) =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
                finally
                {
                    ended.SetResult();
                }
            });
        }
        Assert.True(ended.Task.IsCompleted);
    }

    [Fact]
    public void Progress_is_shown_while_the_work_goes_on_and_taken_away_at_its_end()
    {
        Run(async (output, cancellationToken) =>
        {
            output.Report(new(1, "Waiting", "1 of 2", 50));
            await Task.Delay(400, cancellationToken);
            output.Report(new(1, "Waiting", "2 of 2", 100));
            await Task.Delay(400, cancellationToken);
        });

        Assert.Equal(["1 of 2", "2 of 2", "2 of 2"], _pipeline.Progress.Select(bar => bar.Status));
        Assert.Equal([false, false, true], _pipeline.Progress.Select(bar => bar.Completed));
    }

    private void Run(Func<ICommandOutput, CancellationToken, Task> work)
    {
        using var pump = new CommandPump(_pipeline, TimeProvider.System);
        pump.Start(work);
        Assert.Null(pump.Finish());
    }

    private sealed class EnoughException : Exception;
}
