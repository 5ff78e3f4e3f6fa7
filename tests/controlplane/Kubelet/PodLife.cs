namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>
/// The life of one pod from its binding to its end, told top to bottom: init containers, images, running, ready, and what
/// the pod's faults make of it. A healthy running pod holds no task and no timer, so ten thousand of them cost nothing.
/// </summary>
internal sealed class PodLife : IAsyncDisposable
{
    private static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    private readonly FakeKubeletOptions _options;
    private readonly ImageRegistry _images;
    private readonly PodWriter _writer;
    private readonly PodStatus _status;
    private readonly Action<Exception> _failed;
    private readonly CancellationToken _shutdown;
    private CancellationTokenSource _chapter;
    private PodView _pod;
    private Task _running;

    public PodLife(PodView pod, string address, FakeKubeletOptions options, ImageRegistry images, PodWriter writer, Action<Exception> failed, CancellationToken shutdown)
    {
        _pod = pod;
        _options = options;
        _images = images;
        _writer = writer;
        _failed = failed;
        _shutdown = shutdown;
        _status = new PodStatus(pod, address);
        _chapter = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        _running = Task.CompletedTask;
        _running = Tell(pod.Deletion is null ? StartAsync : StopAsync);
    }

    /// <summary>Takes notice of a changed pod: its deletion or other faults begin a new chapter, everything else changes nothing.</summary>
    public void Observe(PodView pod)
    {
        var deleted = pod.Deletion is not null && _pod.Deletion is null;
        var changed = pod.Deletion is null && pod.Faults != _pod.Faults;
        _pod = pod;
        if (deleted)
        {
            Turn(StopAsync);
        }
        else if (changed)
        {
            Turn(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _chapter.CancelAsync();
        await _running;
        _chapter.Dispose();
    }

    private void Turn(Func<CancellationToken, Task> next)
    {
        var ended = _chapter;
        ended.Cancel();
        _chapter = CancellationTokenSource.CreateLinkedTokenSource(_shutdown);
        _running = Tell(next);
        ended.Dispose();
    }

    private Task Tell(Func<CancellationToken, Task> chapter)
    {
        var before = _running;
        var cancellation = _chapter.Token;
        return TellAsync();

        async Task TellAsync()
        {
            await before;
            try
            {
                await chapter(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // The next chapter has begun, or everything ends.
            }
            catch (Exception failure)
            {
                _failed(failure);
            }
        }
    }

    private bool LacksImage(ContainerSpec container) => _images.Lacks(container.Image) || _pod.Faults.LacksImage(container.Name, container.Image);

    private async Task StartAsync(CancellationToken cancellation)
    {
        var delay = _pod.Faults.ReadyAfter ?? _options.ReadyDelay;
        if (delay >= Unhurried)
        {
            await ReportAsync(cancellation);
        }

        await Task.Delay(delay / 2, cancellation);
        await InitializeAsync(cancellation);
        if (delay >= Unhurried && !_pod.Containers.Any(LacksImage))
        {
            ForEach(_status.Main, report => report.Runs(PodStatus.Now(), ready: false));
            await ReportAsync(cancellation);
        }

        await Task.Delay(delay / 2, cancellation);
        await RunAsync(cancellation);
    }

    private async Task InitializeAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < _status.Init.Length; i++)
        {
            var container = _status.Init[i].Container;
            if (LacksImage(container))
            {
                await LackImagesAsync(_status.Init, [container], cancellation);
            }

            if (_pod.Faults.InitFails && container.Name == (_pod.Faults.FaultyContainer ?? _pod.InitContainers[0].Name))
            {
                await CrashForEverAsync(_status.Init, i, TimeSpan.Zero, cancellation);
            }

            _status.Init[i] = _status.Init[i].Runs(PodStatus.Now(), ready: false).Succeeds(PodStatus.Now());
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var faults = _pod.Faults;
        var faulty = _pod.FaultyContainer;
        var lacking = _pod.Containers.Where(LacksImage).ToArray();
        ForEach(_status.Main, report => report switch
        {
            _ when lacking.Contains(report.Container) => report,
            _ when faults.ConfigMissing is { } missing && report.Container.Name == faulty
                => report.Waits("CreateContainerConfigError", $"configmap \"{missing}\" not found"),
            _ => report.Runs(PodStatus.Now(), ready: !(faults.NeverReady && report.Container.Name == faulty)),
        });
        if (lacking.Length > 0)
        {
            await LackImagesAsync(_status.Main, lacking, cancellation);
        }

        await ReportAsync(cancellation);
        if (faults.ConfigMissing is { } name)
        {
            await WarnAsync("Failed", $"Error: configmap \"{name}\" not found", faulty, 1, cancellation);
        }

        if (faults.NeverReady)
        {
            await StayUnreadyAsync(faulty, cancellation);
        }

        if (faults.CrashesAfter is { } life)
        {
            var index = Array.FindIndex(_status.Main, report => report.Container.Name == faulty);
            await CrashForEverAsync(_status.Main, index, life, cancellation);
        }

        if (faults.CompletesAfter is { } work)
        {
            await Task.Delay(work, cancellation);
            ForEach(_status.Main, report => report.Ends(PodStatus.Now(), 0));
            await ReportAsync(cancellation);
        }
    }

    private async Task StopAsync(CancellationToken cancellation)
    {
        var delay = _pod.Faults.StopAfter ?? _options.StopDelay;
        delay = delay < _pod.Deletion!.Value ? delay : _pod.Deletion.Value;
        if (delay >= Unhurried)
        {
            ForEach(_status.Main, report => report.RunningSince is null ? report : report.Runs(PodStatus.Now(), ready: false));
            await ReportAsync(cancellation);
        }

        await Task.Delay(delay, cancellation);
        await _writer.RemoveAsync(_pod, cancellation);
    }

    private async Task LackImagesAsync(ContainerReport[] reports, ContainerSpec[] lacking, CancellationToken cancellation)
    {
        var pause = _options.BackOff;
        for (var attempt = 1; ; attempt++)
        {
            ForEach(reports, report => lacking.Contains(report.Container) ? report.Waits("ErrImagePull", NotFound(report.Container.Image)) : report);
            await ReportAsync(cancellation);
            foreach (var container in lacking)
            {
                await WarnAsync("Failed", $"Failed to pull image \"{container.Image}\": {NotFound(container.Image)}", container.Name, attempt, cancellation);
                await WarnAsync("Failed", "Error: ErrImagePull", container.Name, attempt, cancellation);
            }

            // However long the pause is, the kubelet looks at the pod again soon.
            await Task.Delay(pause / 2 < _options.BackOff ? pause / 2 : _options.BackOff, cancellation);
            ForEach(reports, report => lacking.Contains(report.Container) ? report.Waits("ImagePullBackOff", BackOff(report.Container.Image)) : report);
            await ReportAsync(cancellation);
            foreach (var container in lacking)
            {
                await _writer.RecordAsync(_pod, "Normal", "BackOff", BackOff(container.Image), container.Name, attempt, cancellation);
                await WarnAsync("Failed", "Error: ImagePullBackOff", container.Name, attempt, cancellation);
            }

            await Task.Delay(pause, cancellation);
            pause = Longer(pause);
        }

        static string NotFound(string image)
            => $"rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found";

        static string BackOff(string image) => $"Back-off pulling image \"{image}\"";
    }

    /// <summary>The container runs for <paramref name="life"/>, crashes, and waits for its next try, longer each time.</summary>
    private async Task CrashForEverAsync(ContainerReport[] reports, int index, TimeSpan life, CancellationToken cancellation)
    {
        var pause = _options.BackOff;
        var name = reports[index].Container.Name;
        for (var crash = 1; ; crash++)
        {
            await Task.Delay(life, cancellation);
            reports[index] = reports[index].Ends(PodStatus.Now(), _pod.Faults.ExitCode);
            await ReportAsync(cancellation);
            if (!_pod.RestartsAlways)
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            await Task.Delay(pause / 2, cancellation);
            // The kubelet has restarted it once without a pause before it begins to back off.
            reports[index] = reports[index].Waits("CrashLoopBackOff", $"back-off {pause.TotalSeconds:0.#}s restarting failed container={name} pod={_pod.Name}_{_pod.Namespace}({_pod.Uid})").Restarted();
            await ReportAsync(cancellation);
            await WarnAsync("BackOff", "Back-off restarting failed container", name, crash, cancellation);
            await Task.Delay(pause, cancellation);
            pause = Longer(pause);
            reports[index] = reports[index].Runs(PodStatus.Now(), ready: reports == _status.Main && life > TimeSpan.Zero);
            await ReportAsync(cancellation);
        }
    }

    private async Task StayUnreadyAsync(string container, CancellationToken cancellation)
    {
        for (var probe = 1; ; probe++)
        {
            await WarnAsync("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", container, probe, cancellation);
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(10, probe)), cancellation);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestBackOff ? pause * 2 : LongestBackOff;

    private static void ForEach(ContainerReport[] reports, Func<ContainerReport, ContainerReport> change)
    {
        for (var i = 0; i < reports.Length; i++)
        {
            reports[i] = change(reports[i]);
        }
    }

    private Task ReportAsync(CancellationToken cancellation) => _writer.ReportAsync(_pod, _status, cancellation);

    private Task WarnAsync(string reason, string message, string container, int count, CancellationToken cancellation)
        => _writer.RecordAsync(_pod, "Warning", reason, message, container, count, cancellation);
}
