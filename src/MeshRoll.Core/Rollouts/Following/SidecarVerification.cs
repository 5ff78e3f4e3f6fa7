using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.Rollouts.Diagnosis;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Rollouts.Following;

/// <summary>
/// Do the new pods really carry the sidecar they were restarted for? A restart that changes nothing would be done again and again, so it is said, with the
/// label that decided: after success as an error, and while the rollout moves as soon as the first new pod shows it.
/// </summary>
internal static class SidecarVerification
{
    /// <summary>The finding's ids.</summary>
    public const string Outdated = "SidecarStillOutdated", Missing = "SidecarMissing";

    private const string OneInjector = "Let one injector alone match the pod: compare the namespaceSelector of these webhooks; of a tag named default and the default revision's own webhook one has to be off.";

    /// <summary>Whether anybody wants to know.</summary>
    public static bool IsWanted(MeshRollout rollout) => (rollout.DesiredVersion ?? rollout.DesiredRevision) is not null;

    /// <summary>The new pods that stay; what they carry is what a restart gives.</summary>
    public static IReadOnlyList<Pod> NewPods(IKubernetesObject workload, IReadOnlyCollection<Pod> pods)
    {
        var template = NewTemplate.Of(workload, pods);
        return [.. pods.Where(pod => PodQuery.IsLive(pod) && template.Made(pod))];
    }

    /// <summary>
    /// What is wrong; null when all is well or nothing is known to the contrary (an image without a version). <paramref name="knowledge"/> tells why, and
    /// knows tags: a pod that it calls up to date is right under any name of its revision. An empty one still reads what runs.
    /// </summary>
    public static MeshFinding? Check(MeshRollout rollout, IKubernetesObject workload, IReadOnlyCollection<Pod> pods, MeshKnowledge knowledge)
    {
        return Check(WorkloadObject.ReferenceOf(workload), rollout.Cluster, rollout.DesiredVersion, rollout.DesiredRevision, NewPods(workload, pods), null, knowledge, WorkloadObject.TemplateOf(workload));
    }

    /// <summary>
    /// The same for <paramref name="news"/>, which are known to be new; a pod is judged by <paramref name="template"/> where that is given.
    /// <paramref name="asking"/> is what the pods are made from where only that is known to be so: what they asked for before an injector changed their labels.
    /// </summary>
    public static MeshFinding? Check(
        WorkloadReference owner, string cluster, string? version, string? desiredRevision, IReadOnlyList<Pod> news, PodTemplate? template, MeshKnowledge knowledge, PodTemplate? asking = null)
    {
        var wrong = new List<(Pod Pod, MeshSidecar? Sidecar)>();
        foreach (var pod in news)
        {
            // Nearly all are, and each is looked at again with every change of one of them.
            if (knowledge.Carries(pod, version, desiredRevision)) continue;
            var sidecar = knowledge.Describe(pod, owner, cluster, template);
            if (!IsRight(sidecar, version, desiredRevision)) wrong.Add((pod, sidecar));
        }
        if (wrong.Count == 0) return null;

        var (first, carries) = wrong[0];
        var asked = (template ?? asking)?.Metadata ?? first.Metadata;
        var wanted = string.Join(" of revision ", new[] { version, desiredRevision }.OfType<string>());
        var runs = carries is null ? "carries no sidecar" : $"still carries {carries.Version ?? carries.Image}{(carries.Revision is { } revision ? $" of revision {revision}" : "")}";
        var why = carries is { Outdated: not null, Reason.Length: > 0 } ? $" ({carries.Reason}{IgnoredLabel(asked, carries)})" : "";
        var competing = knowledge.Namespaces.Find(owner.Namespace) is { } @namespace ? CompetingInjectors.Of(knowledge.InjectorWebhooks, @namespace, asked) : [];
        var twice = competing.Count > 1 ? $"; {competing.Count} injectors match it ({string.Join(", ", competing)}), and the last one has its way" : "";
        return DiagnosisRules.About(owner, cluster, new()
        {
            Id = Outdated,
            Severity = FindingSeverity.Error,
            Verdict = FindingVerdict.Fatal,
            Object = $"pod/{first.Metadata.Name}",
            Pod = first.Metadata.Name,
            Container = carries?.Container ?? "",
            Message = $"{wrong.Count} of {Wording.Count(news.Count, "new pod")} did not get the sidecar wanted: pod {first.Metadata.Name} {runs} instead of {wanted}{why}{twice}",
            Advice = twice.Length > 0 ? OneInjector : "Another restart gives the same; first make the label that decides (the namespace's before the pod's own) name the wanted revision.",
            Evidence = carries?.Image ?? "",
        });
    }

    /// <summary>
    /// While a rollout moves: what is wrong with the new pods' sidecars so far. It is no reason to end the wait, as the pods are well; what comes of it is
    /// said at the end.
    /// </summary>
    public static MeshFinding? CheckEarly(MeshRollout rollout, IKubernetesObject workload, IReadOnlyCollection<Pod> pods, MeshKnowledge knowledge)
    {
        var finding = IsWanted(rollout) ? Check(rollout, workload, pods, knowledge) : CheckMissing(rollout, workload, pods);
        return finding is null ? null : finding with { Verdict = FindingVerdict.Unknown, Severity = FindingSeverity.Warning };
    }

    /// <summary>Nobody said which sidecar is wanted; but pods that come without one, where those before them had one, are mostly an accident.</summary>
    private static MeshFinding? CheckMissing(MeshRollout rollout, IKubernetesObject workload, IReadOnlyCollection<Pod> pods)
    {
        var news = NewPods(workload, pods);
        if (news.FirstOrDefault(pod => !HasSidecar(pod)) is not { } bare || !pods.Any(pod => HasSidecar(pod) && !news.Contains(pod))) return null;
        return DiagnosisRules.About(WorkloadObject.ReferenceOf(workload), rollout.Cluster, new()
        {
            Id = Missing,
            Object = $"pod/{bare.Metadata.Name}",
            Pod = bare.Metadata.Name,
            Message = $"new pod {bare.Metadata.Name} carries no sidecar, and the pods before it do",
            Advice = "If that is not meant, look at the labels of namespace and template, and whether the injector's webhook is there; pods made after that get it.",
            Evidence = string.Join(", ", bare.Spec.Containers.Select(container => container.Name)),
        });
    }

    // What the pod itself asks for counts only where its namespace says nothing; people look at the pod first.
    private static string IgnoredLabel(ObjectMeta pod, MeshSidecar carries) =>
        pod.Labels.GetValueOrDefault(IstioStatus.RevisionLabel) is { } own && own != carries.Revision && carries.Reason.Contains("namespace label", StringComparison.Ordinal)
            ? $"; the pod's own label {IstioStatus.RevisionLabel}={own} does not count beside it"
            : "";

    private static bool HasSidecar(Pod pod) => SidecarContainers.Find(pod.Spec).Count > 0;

    private static bool IsRight(MeshSidecar? sidecar, string? desiredVersion, string? desiredRevision)
    {
        if (sidecar is null) return false;
        if (desiredVersion is { } version && sidecar.Version is { } runs && runs != version) return false;
        return desiredRevision is not { } revision || sidecar.Revision is null || sidecar.Revision == revision || sidecar.Outdated == false;
    }
}
