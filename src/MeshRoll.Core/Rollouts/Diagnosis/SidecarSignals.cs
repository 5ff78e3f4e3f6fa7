using MeshRoll.Core.Rollouts.Following;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>
/// A sidecar that runs and is not ready. Told before the application's own state: probes and traffic go through the sidecar, and with
/// holdApplicationUntilProxyStarts or as a native sidecar it holds the application back altogether. Whether the istiod it belongs to is well says why;
/// without that, its log does (<see cref="SidecarLog"/>).
/// </summary>
internal static class SidecarSignals
{
    /// <summary>The finding's ids.</summary>
    public const string NotReady = "SidecarNotReady", Unreachable = "IstiodUnreachable", Twice = "InjectedTwice";

    /// <summary>A sidecar gets its configuration within a few seconds; one that does not within this is worth a word.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static PodFinding? Read(Pod pod, Looking look)
    {
        foreach (var proxy in SidecarContainers.Find(pod.Spec))
        {
            var status = (proxy.Native ? pod.Status.InitContainerStatuses : pod.Status.ContainerStatuses).FirstOrDefault(status => status.Name == proxy.Container.Name);
            if (status is { Ready: false, State.Running: { } running } && look.IsOver(look.Lasting(pod, status.Name, NotReady, running.StartedAt), Patience)) return Unready(pod, proxy, status, look);
        }
        return null;
    }

    /// <summary>Two meshes in one pod: both redirect its traffic, and neither gets it whole.</summary>
    public static PodFinding? InjectedTwice(Pod pod)
    {
        var proxies = SidecarContainers.Find(pod.Spec);
        // Consul has a proxy for each service of a pod; of any other mesh one is enough.
        if (proxies.Count < 2 || (proxies.All(proxy => proxy.Mesh == SidecarContainers.Consul))) return null;
        var names = string.Join(" and ", proxies.Select(proxy => proxy.Container.Name));
        var finding = PodFinding.Of(pod, Twice, FindingVerdict.Unknown, $"pod {pod.Metadata.Name} was injected more than once: it carries {names}",
            "Let one injector alone match the pod: look at the labels of its namespace and the webhooks' selectors.", string.Join(", ", proxies.Select(proxy => proxy.Container.Image)));
        return finding with { Finding = finding.Finding with { Severity = FindingSeverity.Error } };
    }

    private static PodFinding Unready(Pod pod, FoundSidecar proxy, ContainerStatus status, Looking look)
    {
        look.Ask |= Inquiry.Events;
        if (proxy.Mesh == SidecarContainers.Istio) look.Ask |= Inquiry.ControlPlane;
        var told = look.NewestProbe(pod, status.Name, "Readiness", "Startup");
        var held = pod.Status.ContainerStatuses.Any(other => other.Name != status.Name && other.Ready) ? "" : ", and its application waits for it";
        var says = $"sidecar {status.Name} of pod {pod.Metadata.Name} runs but is not ready{held}";
        var probe = told is null ? "" : $" ({Wording.Clause(Wording.Line(LogText.Line(told.Message)))})";
        var evidence = told is null ? "running, not ready" : Said.Event(told);

        if (proxy.Mesh == SidecarContainers.Istio && IstiodOf(pod, look.Observation.Istiods) is { IsUnwell: true } istiod)
        {
            return PodFinding.Of(pod, Unreachable, FindingVerdict.Unknown, $"{says}: {istiod.InWords}{probe}", IstiodHealth.Advice,
                $"{evidence}; {istiod.InWords}", $"{Unreachable}/{status.Name}").On(status, LogRun.Present);
        }
        return PodFinding.Of(pod, NotReady, FindingVerdict.Unknown, $"{says}{probe}",
            $"Read its log (Get-MeshRolloutDiagnosis -IncludeLog, or kubectl logs -c {status.Name}): it says whether the control plane cannot be reached or a certificate is refused.",
            evidence, $"{NotReady}/{status.Name}").On(status, LogRun.Present);
    }

    // The revision in the status annotation is the resolved one; labels may hold a tag's name, and of that no istiod knows.
    private static IstiodHealth? IstiodOf(Pod pod, IReadOnlyList<IstiodHealth> istiods)
    {
        if (!pod.Metadata.Annotations.TryGetValue(IstioStatus.Annotation, out var status) || IstioStatus.RevisionIn(status) is not { } revision) return null;
        return istiods.FirstOrDefault(istiod => istiod.Revision == (revision.Length == 0 ? IstioStatus.DefaultRevision : revision));
    }
}
