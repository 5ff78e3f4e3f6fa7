using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Controllers.DaemonSets;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Objects.Views;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Tests.Controllers.World;

/// <summary>Plays scheduler and kubelet for controllers' tests: pods become ready and go after set times, or when told to.</summary>
internal sealed class PlayedKubelet
{
    private readonly Cluster _cluster;
    private int _addresses;

    public PlayedKubelet(Cluster cluster)
    {
        _cluster = cluster;
        cluster.Store.Changed += Observe;
    }

    /// <summary>Whether somebody else is at work.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>After how long a pod is ready; null for never by itself.</summary>
    public TimeSpan? ReadyAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Pods that never become ready by themselves.</summary>
    public Func<StoredObject, bool> IsBroken { get; set; } = _ => false;

    /// <summary>After how long a deleted pod is gone; null for never by itself.</summary>
    public TimeSpan? GoneAfter { get; set; } = TimeSpan.FromSeconds(1);

    public void SetReady(StoredObject pod, bool ready = true) => Write(pod, json =>
    {
        var status = json.Object("status");
        status["phase"] = "Running";
        status["podIP"] ??= $"10.0.{_addresses / 250}.{_addresses++ % 250}";
        status["conditions"] = new JsonArray
        {
            new JsonObject { ["type"] = "Ready", ["status"] = ready ? "True" : "False", ["lastTransitionTime"] = JsonAccess.Timestamp(_cluster.Now) },
        };
    });

    public void End(StoredObject pod, string phase) => Write(pod, json =>
    {
        json.Object("status")["phase"] = phase;
        json.Object("status")["conditions"] = new JsonArray { new JsonObject { ["type"] = "Ready", ["status"] = "False" } };
    });

    private void Observe(StoreChange change)
    {
        if (IsAbsent || change.Object.Resource != ApiResources.Pods) return;
        var pod = change.Object;
        if (change.Type == ChangeType.Added)
        {
            _cluster.Simulation.Soon(() => Write(pod, json =>
            {
                json.Object("spec").Fill("nodeName", DaemonPods.NodeOf(pod) is { Length: > 0 } node ? node : "node-1");
                json.Object("status").Fill("phase", "Pending");
            }));
            if (ReadyAfter is { } delay)
            {
                _cluster.Simulation.After(delay, () =>
                {
                    if (_cluster.Store.FindByUid(pod.Uid) is { IsDeleting: false } present && !IsBroken(present) && !present.As<PodView>().HasEnded) SetReady(present);
                });
            }
        }
        if (change.Type == ChangeType.Modified && pod.IsDeleting && !change.Before!.IsDeleting && GoneAfter is { } grace)
            _cluster.Simulation.After(grace, () => _cluster.Finish(pod));
    }

    private void Write(StoredObject pod, Action<JsonObject> change)
    {
        if (_cluster.Store.FindByUid(pod.Uid) is { } present) _cluster.Write(present, change);
    }
}
