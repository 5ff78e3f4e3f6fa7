using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>One way in which a container does not start, and what to tell a person about it.</summary>
/// <param name="Reason">The kubelet's waiting reason (pkg/kubelet/container, images/types.go, kuberuntime).</param>
/// <param name="Id">The finding's id.</param>
/// <param name="Says">What is wrong, to follow "container x of pod y". <c>{image}</c> stands for the image.</param>
/// <param name="Advice">What to do.</param>
internal sealed record ContainerSignal(string Reason, string Id, string Says, string Advice)
{
    /// <summary>Whether it can pass by itself. Fatal unless the row has a rule of its own.</summary>
    public Func<ContainerSighting, FindingVerdict> Verdict { get; init; } = _ => FindingVerdict.Fatal;
}

/// <summary>What a rule of the table may look at.</summary>
/// <param name="Words">The cluster's own message.</param>
/// <param name="Restarts">How often the container was started again.</param>
/// <param name="Lasting">How long the signal has been seen.</param>
internal readonly record struct ContainerSighting(string Words, int Restarts, TimeSpan Lasting);

/// <summary>
/// The table of what a waiting or failed container tells. Rules that need a word:
/// <list type="bullet">
/// <item>Image pull. The kubelet says ErrImagePull at each attempt and ImagePullBackOff between attempts. A single ErrImagePull passes easily, so it is
/// transient; ImagePullBackOff, or trouble with the same image for <see cref="PullPatience"/>, is fatal. Unless the words tell of the way to the registry
/// (time-out, refused, too many requests): that may pass, so the deadline decides.</item>
/// <item>Crash loop. An application that starts before its sidecar fails once or twice and then runs. From the <see cref="CrashesAllowed"/>th restart on
/// it is fatal. The same goes for an init container that ends with an error.</item>
/// <item>CreateContainerConfigError. A ConfigMap or Secret is missing: fatal; but "failed to sync … cache" only says that the kubelet has just started.</item>
/// </list>
/// </summary>
internal static class ContainerSignals
{
    public const int CrashesAllowed = 2;

    public static readonly TimeSpan PullPatience = TimeSpan.FromSeconds(30);

    /// <summary>A container that has run for less than this since it ended has shown nothing yet.</summary>
    public static readonly TimeSpan JustStarted = TimeSpan.FromSeconds(10);

    /// <summary>The id of a container, or init container, that keeps ending.</summary>
    public const string CrashLoop = "CrashLoop", InitContainerFailed = "InitContainerFailed";

    public static IReadOnlyDictionary<string, ContainerSignal> ByReason { get; } = new ContainerSignal[]
    {
        new("ImagePullBackOff", "ImagePull", "cannot pull image {image}", "Check that the image exists under this name and that the node may pull it (imagePullSecrets, registry access).")
            { Verdict = sighting => IsOnTheWay(sighting.Words) ? FindingVerdict.Unknown : FindingVerdict.Fatal },
        new("ErrImagePull", "ImagePull", "cannot pull image {image}", "Check that the image exists under this name and that the node may pull it (imagePullSecrets, registry access).")
            { Verdict = sighting => IsOnTheWay(sighting.Words) ? FindingVerdict.Unknown : sighting.Lasting < PullPatience ? FindingVerdict.Transient : FindingVerdict.Fatal },
        new("InvalidImageName", "InvalidImageName", "has an image name that is not valid: {image}", "Correct the image in the workload's template."),
        new("ErrImageNeverPull", "ImageNeverPull", "may not pull image {image}, and it is not on the node", "Load the image onto the node or change imagePullPolicy from Never."),
        new("CrashLoopBackOff", CrashLoop, "keeps ending right after its start", "Read the log of its last run (Get-MeshRolloutDiagnosis -IncludeLog, or kubectl logs --previous).")
            { Verdict = sighting => sighting.Restarts < CrashesAllowed ? FindingVerdict.Transient : FindingVerdict.Fatal },
        new("CreateContainerConfigError", "ContainerConfig", "cannot be created from its configuration", "Create the ConfigMap or Secret that it refers to, or correct the reference.")
            { Verdict = sighting => IsCacheSync(sighting.Words) ? FindingVerdict.Transient : FindingVerdict.Fatal },
        new("CreateContainerError", "ContainerCreate", "cannot be created", "Read the message: often a command that is not in the image, a mount, or a runtime that is busy.")
            { Verdict = sighting => IsBusyRuntime(sighting.Words) ? FindingVerdict.Unknown : FindingVerdict.Fatal },
        new("RunContainerError", "ContainerRun", "cannot be started", "Read the message: often a command that is not in the image or a right that the container lacks.")
            { Verdict = sighting => IsBusyRuntime(sighting.Words) ? FindingVerdict.Unknown : FindingVerdict.Fatal },
    }.ToDictionary(signal => signal.Reason, StringComparer.Ordinal);

    /// <summary>An image that could not be pulled, so that the kubelet waits longer and longer between attempts.</summary>
    public static ContainerSignal PullBackOff { get; } = ByReason["ImagePullBackOff"];

    /// <summary>Whether a warning says that: <c>Failed</c>, <c>Error: ImagePullBackOff</c>.</summary>
    public static bool TellsOfPullBackOff(Event told) => told.Reason == "Failed" && told.Message.EndsWith(PullBackOff.Reason, StringComparison.Ordinal);

    /// <summary>A crash loop.</summary>
    public static ContainerSignal Crashes { get; } = ByReason["CrashLoopBackOff"];

    /// <summary>A crash loop whose next run has just begun: perhaps it goes well.</summary>
    public static ContainerSignal CrashesAgain { get; } = Crashes with { Says = "keeps ending right after its start, and has just been started again", Verdict = _ => FindingVerdict.Unknown };

    /// <summary>What to do about a container that the kubelet ends because a probe goes unanswered.</summary>
    public const string KilledByProbe = "The kubelet ends it because its probe is not answered: give it more time (startupProbe, initialDelaySeconds), or look at why it does not answer.";

    // A mesh's own init containers fail for reasons of their own (Istio documentation, "Install the Istio CNI node agent", "Race condition mitigation").
    private static readonly Dictionary<string, string> s_meshInit = new(StringComparer.Ordinal)
    {
        ["istio-init"] = "It sets up the redirection of traffic: let the namespace allow NET_ADMIN and NET_RAW, or use the mesh's CNI plugin.",
        ["istio-validation"] = "The mesh's CNI plugin had not set up this pod: check the DaemonSet istio-cni-node on its node; a pod that is made anew then starts.",
        ["linkerd-init"] = "It sets up the redirection of traffic: let the namespace allow NET_ADMIN and NET_RAW, or use the mesh's CNI plugin.",
        ["linkerd-network-validator"] = "The mesh's CNI plugin had not set up this pod: check the DaemonSet linkerd-cni on its node; a pod that is made anew then starts.",
        ["consul-connect-inject-init"] = "It registers the pod with Consul: check that the Consul servers are well and that a service of this name selects the pod.",
    };

    /// <summary>An init container that ended with an error; native sidecars do not end.</summary>
    public static ContainerSignal InitFailedOf(string container) =>
        new("Terminated", InitContainerFailed, "ends with an error", s_meshInit.GetValueOrDefault(container, "Read its log; the other containers do not start before it succeeds."))
        {
            Verdict = sighting => sighting.Restarts < CrashesAllowed ? FindingVerdict.Transient : FindingVerdict.Fatal,
        };

    private static bool IsOnTheWay(string words) =>
        Contains(words, "i/o timeout", "timed out", "deadline exceeded", "connection refused", "connection reset", "no such host", "TLS handshake", "toomanyrequests", "Too Many Requests", "Service Unavailable", "Bad Gateway", "unexpected EOF");

    private static bool IsCacheSync(string words) => words.Contains("failed to sync", StringComparison.Ordinal) && words.Contains("cache", StringComparison.Ordinal);

    private static bool IsBusyRuntime(string words) => Contains(words, "deadline exceeded", "is reserved for");

    private static bool Contains(string words, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (words.Contains(part, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
