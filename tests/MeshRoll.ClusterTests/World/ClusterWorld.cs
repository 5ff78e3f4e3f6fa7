using MeshRoll.TestControlPlane;
using MeshRoll.TestControlPlane.Api;

// One cluster on a small machine: scenarios one after the other measure themselves, not each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MeshRoll.ClusterTests.World;

/// <summary>
/// A cluster in which scenarios happen, with played nodes and a mesh of two versions side by side: the default revision (old) and a named one (new).
/// Scenarios see nothing of what is behind it, so that one source runs in every world.
/// </summary>
public abstract class ClusterWorld
{
    public const string OldVersion = "1.26.4";
    public const string NewVersion = "1.27.1";
    public const string NewRevision = "1-27-1";

    /// <summary>Whether only the old version is there at the start, for scenarios that install the new one themselves. A world of one's own, never the shared one.</summary>
    public bool OldOnly { get; init; }

    /// <summary>Whether istiods can be reached through the API server: a fake kubelet forwards no ports.</summary>
    public abstract bool ForwardsPorts { get; }

    /// <summary>Installs the new version beside the old one, as <c>istioctl install --set revision</c> does, and waits until it injects.</summary>
    public abstract Task InstallNewAsync(CancellationToken cancellation);

    /// <summary>Uninstalls the old version with all that belongs to its installation, its injector webhook included, whoever that serves by now.</summary>
    public abstract Task UninstallOldAsync(CancellationToken cancellation);

    /// <summary>A raw client with all rights, which shares no code with MeshRoll. Skips the test by name where this world cannot be had.</summary>
    public abstract KubeApi Api { get; }

    /// <summary>An administrator's kubeconfig.</summary>
    public abstract string KubeConfigPath { get; }

    public abstract Uri Server { get; }

    /// <summary>The token in <see cref="KubeConfigPath"/>.</summary>
    public abstract string AdminToken { get; }

    /// <summary>The authority in <see cref="KubeConfigPath"/>, in PEM.</summary>
    public abstract string CaPem { get; }

    /// <summary>A user of a name nobody else has, who may do nothing until a role is bound to him.</summary>
    public abstract NewUser CreateUser(string @namespace);

    /// <summary>From now on no pod can pull this image any more; those that run keep running.</summary>
    public abstract Task DeleteImageAsync(string image);

    /// <summary>All connections break, new ones are refused for a moment, and old watches cannot be resumed.</summary>
    public abstract Task RestartApiServerAsync(CancellationToken cancellation);

    /// <summary>The same, and the history is gone that a watch would resume from.</summary>
    public abstract Task RestartWithoutHistoryAsync(CancellationToken cancellation);

    /// <summary>kubectl as an administrator. Skips the test by name where it cannot be had.</summary>
    public abstract TestControlPlane.Kubectl Kubectl { get; }

    /// <summary>Runs kubectl as an administrator.</summary>
    public Task<KubectlResult> KubectlAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => Kubectl.RunAsync(arguments, cancellation);

    /// <summary>How many watches the server serves now, by resource: its own count.</summary>
    public abstract Task<Dictionary<string, int>> WatchesAsync(CancellationToken cancellation);

    /// <summary>The same, once the watches of the scenarios before this one have ended: the server may be slower to notice than its clients.</summary>
    public async Task<Dictionary<string, int>> WatchesAtRestAsync(CancellationToken cancellation)
    {
        var known = await WatchesAsync(cancellation);
        for (var (same, looks) = (0, 0); same < 4 && looks < 80; looks++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
            var now = await WatchesAsync(cancellation);
            same = now.Count == known.Count && now.All(watch => known.GetValueOrDefault(watch.Key) == watch.Value) ? same + 1 : 0;
            known = now;
        }
        return known;
    }

    /// <summary>Waits for the new istiod's Deployment to be ready.</summary>
    protected Task NewIsReadyAsync(CancellationToken cancellation) => Api.WaitAsync(
        $"/apis/apps/v1/namespaces/istio-system/deployments/istiod-{NewRevision}", static deployment => (int?)deployment?["status"]?["readyReplicas"] > 0, TimeSpan.FromSeconds(30), cancellation);
}

/// <summary>Somebody who may log in.</summary>
/// <param name="Name">As RBAC names him.</param>
/// <param name="KubeConfigPath">His kubeconfig; the world deletes it in the end.</param>
public sealed record NewUser(string Name, string KubeConfigPath);
