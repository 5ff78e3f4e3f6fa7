using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane;

/// <summary>What a new pod would get, by what is known of the meshes.</summary>
internal sealed class NewPods(MeshKnowledge knowledge)
{
    public static DesiredSidecar Of(MeshKnowledge knowledge, string mesh, string namespaceName, ObjectMeta pod, bool hostNetwork) =>
        new NewPods(knowledge).Of(mesh, namespaceName, pod, hostNetwork);

    public DesiredSidecar Of(string mesh, string namespaceName, ObjectMeta pod, bool hostNetwork) => mesh switch
    {
        SidecarContainers.Istio => DesiredIstio(namespaceName, pod, hostNetwork),
        SidecarContainers.Linkerd => DesiredLinkerd(namespaceName, pod, hostNetwork),
        SidecarContainers.Consul => DesiredConsul(pod, hostNetwork),
        _ => new() { Unknown = $"no mesh is known to inject {knowledge.Target.SidecarContainer}; give the version wanted" },
    };

    private DesiredSidecar DesiredIstio(string namespaceName, ObjectMeta pod, bool hostNetwork)
    {
        var decision = InjectionRules.Decide(knowledge.Namespaces.Find(namespaceName), namespaceName, pod, hostNetwork, EnabledByDefault);
        if (decision is { Injects: false }) return new() { Injected = false, Rule = decision.Rule };
        if (knowledge.Target.Revision is { } wanted) return DesiredOfRevision(wanted, decision, pod);
        if (decision is null) return new() { Unknown = knowledge.Namespaces.ProblemOf(namespaceName) };

        var resolved = knowledge.Tags.Resolve(decision.Revision!);
        if (resolved.Revision is null) return new() { Injected = false, Rule = decision.Rule, Detail = resolved.Remark };
        if (DoubtOf(resolved) is { } doubt) return new() { Unknown = $"{doubt} ({decision.Rule})" };
        return Complete(new() { Injected = true, Rule = decision.Rule, Detail = resolved.Remark }, resolved, pod);
    }

    // Without webhooks a name is certain only when a revision of that name exists: no tag may be called like one, but for default,
    // which is certain when there is no other revision that it could be a tag of.
    private string? DoubtOf(ResolvedRevision resolved)
    {
        if (knowledge.Tags.AreKnown) return null;
        var name = resolved.Revision;
        if (InjectorOf(resolved) is null) return knowledge.InjectorProblem.Length > 0 ? knowledge.InjectorProblem : $"webhooks cannot be read, and {name} may be a tag";
        return name == IstioStatus.DefaultRevision && knowledge.Injectors.Any(static injector => injector.Revision != IstioStatus.DefaultRevision)
            ? "webhooks cannot be read, and default may be a tag of another revision"
            : null;
    }

    private DesiredSidecar DesiredOfRevision(string wanted, InjectionDecision? decision, ObjectMeta pod)
    {
        var resolved = knowledge.Tags.Resolve(wanted);
        if (resolved.Revision is null) resolved = resolved with { Revision = wanted };
        var given = decision is null ? null : knowledge.Tags.Resolve(decision.Revision!).Revision;
        var note = given is null || given == resolved.Revision ? "" : $"but {decision!.Rule} gives revision {given}";
        return Complete(new() { Injected = true, Rule = $"the wanted revision {wanted}", Detail = resolved.Remark, Note = note }, resolved, pod);
    }

    private DesiredSidecar Complete(DesiredSidecar desired, ResolvedRevision resolved, ObjectMeta pod)
    {
        var injector = InjectorOf(resolved);
        // Policy "disabled" leaves the decision to the pods themselves.
        if (injector is { OnlyOnRequest: true } && !InjectionRules.AsksForInjection(pod))
        {
            return desired with { Injected = false, Detail = $"revision {resolved.Revision} injects only pods labelled {InjectionRules.PodLabel}=true" };
        }
        var image = injector?.ImageFor(pod.Annotations);
        return desired with
        {
            Revision = resolved.Revision,
            Image = image,
            Version = image?.VersionWithout(IstioInjector.VariantOf(pod.Annotations)),
            ComparesImages = injector?.IsWholeImage(pod.Annotations) ?? false,
            Unknown = image is not null ? ""
                : injector is not null ? $"ConfigMap {IstioInjector.NameOf(resolved.Revision!)} names no version"
                : knowledge.InjectorProblem.Length > 0 ? knowledge.InjectorProblem
                : $"there is no ConfigMap {IstioInjector.NameOf(resolved.Revision!)}",
        };
    }

    private DesiredSidecar DesiredLinkerd(string namespaceName, ObjectMeta pod, bool hostNetwork)
    {
        var @namespace = knowledge.Namespaces.Find(namespaceName);
        var decision = LinkerdInjector.Decide(@namespace, pod, hostNetwork);
        if (decision is null) return new() { Unknown = knowledge.Namespaces.ProblemOf(namespaceName) };
        if (!decision.Injects) return new() { Injected = false, Rule = decision.Rule };
        if (knowledge.Linkerd?.VersionFor(@namespace, pod) is not { } version) return new() { Injected = true, Rule = decision.Rule, Unknown = $"ConfigMap {LinkerdInjector.ConfigMapName} cannot be read or names no version" };
        return new() { Injected = true, Version = version, Rule = decision.Rule };
    }

    private DesiredSidecar DesiredConsul(ObjectMeta pod, bool hostNetwork)
    {
        const string unreadable = "the deployment of Consul's injector cannot be read or names no image";
        var decision = (knowledge.Consul ?? new(null, null)).Decide(pod, hostNetwork);
        if (decision is null) return new() { Unknown = unreadable };
        if (!decision.Injects) return new() { Injected = false, Rule = decision.Rule };
        if (knowledge.Consul?.Image is not { } image) return new() { Injected = true, Rule = decision.Rule, Unknown = unreadable };
        // Dataplane and the Envoy before it count their versions differently: only the same repository's tags compare.
        return new() { Injected = true, Version = image.Version, Image = image, ComparesImages = true, Rule = decision.Rule };
    }

    private bool EnabledByDefault
    {
        get
        {
            if (knowledge.Tags.EnabledByDefault) return true;
            return knowledge.Tags.Resolve(IstioStatus.DefaultRevision) is { Revision: not null } resolved && InjectorOf(resolved) is { EnabledByDefault: true };
        }
    }

    private IstioInjector? InjectorOf(ResolvedRevision resolved)
    {
        IstioInjector? elsewhere = null;
        foreach (var injector in knowledge.Injectors)
        {
            if (injector.Revision != resolved.Revision) continue;
            if (resolved.IstiodNamespace.Length == 0 || injector.IstiodNamespace == resolved.IstiodNamespace) return injector;
            elsewhere = injector;
        }
        return elsewhere;
    }
}
