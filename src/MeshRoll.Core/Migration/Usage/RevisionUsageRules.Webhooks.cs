using System.Text.Json;
using MeshRoll.Core.ControlPlane;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Migration.Usage;

// Webhooks have two masters: the installation that they belong to, by their label, takes them away with it; the service that they ask injects.
internal static partial class RevisionUsageRules
{
    private const string DefaultValidator = "istiod-default-validator";
    private const string Mutating = "MutatingWebhookConfiguration";

    private static MeshRevisionUsage? OfInjector(MeshInjector injector, Subject about, RevisionUsageFacts facts)
    {
        var belongs = injector.Revision == about.Revision;
        var asks = injector.AsksRevision == about.Revision;
        if (!belongs && !asks) return null;
        var use = about.Use(injector.Kind == MeshInjectorKind.Tag ? RevisionUse.Tag : RevisionUse.Webhook, null, Mutating, injector.Name);
        if (!injector.Active) return use with { Message = $"{injector.Name} is switched off and goes with it", Blocking = false };
        if (injector.Kind == MeshInjectorKind.Tag) return OfTag(injector, use);
        if (asks && belongs) return use with { Message = $"{injector.Name} is its own and goes with it", Blocking = false };
        return asks ? OfForeign(injector, use) : OfTrap(injector, use, facts);
    }

    private static MeshRevisionUsage OfTag(MeshInjector injector, MeshRevisionUsage use) => use with
    {
        Message = $"tag {injector.Tag} points at it: {Effect(injector)}",
        Advice = $"Set-MeshRevisionTag moves it to another revision; Remove-MeshRevisionTag removes it where nothing names it.",
        Blocking = true,
    };

    // Somebody else's webhook that asks this istiod: with its policy Fail nothing that it matches is created any more.
    private static MeshRevisionUsage OfForeign(MeshInjector injector, MeshRevisionUsage use) => use with
    {
        Message = $"{injector.Name}, which belongs to revision {injector.Revision}, asks its istiod: {Effect(injector)}",
        Advice = "Switch-MeshInjector points it at another istiod.",
        Blocking = true,
    };

    // The trap: the webhook of the old installation has been pointed at the new istiod, and uninstalling the old removes it.
    private static MeshRevisionUsage OfTrap(MeshInjector injector, MeshRevisionUsage use, RevisionUsageFacts facts)
    {
        var serves = injector.AsksRevision is { } other ? $"revision {other}" : injector.Url ?? injector.Service ?? "somebody else";
        // Namespaces are not all: the same webhook injects pods that ask by a label of their own, wherever they are.
        var asking = facts.Workloads.SelectMany(static workload => workload.Sidecars).Count(static sidecar => sidecar.Reason.Contains($"pod label {InjectionRules.PodLabel}=", StringComparison.Ordinal));
        if (injector.Namespaces is { Count: 0 } && asking == 0)
        {
            return use with { Message = $"{injector.Name} belongs to its installation and serves {serves}: uninstalling removes it, and nobody would miss it", Blocking = false };
        }

        var lost = $"{injector.Name} belongs to its installation and serves {serves}: uninstalling removes it, and new pods get no sidecar{Where(injector)}{Asking(asking)}";
        if (!facts.Kept.TryGetValue(injector.Name, out var service))
        {
            return use with
            {
                Message = lost,
                Advice = "Keep it: Backup-MeshInjector, name the file with -Backup here, uninstall, Restore-MeshInjector. Or give its namespaces the new revision by Set-MeshNamespaceRevision first.",
                Blocking = true,
            };
        }
        if (service != injector.Service)
        {
            return use with { Message = $"{lost}; the backup is from before the switch, when it asked service {service}", Advice = "Make a new backup with Backup-MeshInjector.", Blocking = true };
        }
        return use with { Message = $"{injector.Name} belongs to its installation, serves {serves}, and is kept in a backup", Advice = "Restore-MeshInjector right after uninstalling.", Blocking = false };
    }

    private static string Asking(int pods) => pods switch
    {
        0 => "",
        1 => "; nor does 1 pod that asks for it by its own label",
        _ => $"; nor do {pods} pods that ask for it by their own label",
    };

    private static string Effect(MeshInjector injector) => injector.FailurePolicy.Contains("Fail", StringComparison.Ordinal)
        ? $"without it no pod that this webhook matches can be created{Where(injector)}"
        : $"without it new pods that this webhook matches get no sidecar{Where(injector)}";

    private static string Where(MeshInjector injector) => injector.Namespaces switch
    {
        null => "",
        { Count: 0 } => "",
        { Count: <= 3 } few => $" in {string.Join(", ", few)}",
        { Count: var many } => $" in {Wording.Count(many, "namespace")}",
    };

    // Without it Istio's own configuration goes unchecked; left behind, and with its policy Fail, it refuses every change.
    private static MeshRevisionUsage? OfValidator(RawObject validator, Subject about)
    {
        var webhooks = validator.At("webhooks") is { ValueKind: JsonValueKind.Array } all ? all.EnumerateArray().ToList() : [];
        var asks = webhooks.Exists(webhook => AskedBy(webhook) == about.Revision);
        if (!asks) return null;
        var belongs = validator.Metadata.Labels.GetValueOrDefault(IstioStatus.RevisionLabel, IstioStatus.DefaultRevision) == about.Revision;
        var fails = webhooks.Exists(static webhook => webhook.TryGetProperty("failurePolicy", out var policy) && policy.ValueEquals("Fail"));
        var use = about.Use(RevisionUse.Webhook, null, "ValidatingWebhookConfiguration", validator.Metadata.Name);
        if (belongs)
        {
            var isDefault = validator.Metadata.Name == DefaultValidator;
            return use with
            {
                Message = $"{validator.Metadata.Name} checks changes of Istio's configuration by it, and goes with it",
                Advice = isDefault ? "A tag named default (Set-MeshRevisionTag) has the new revision check them." : "",
                Blocking = false,
            };
        }
        return use with
        {
            Message = $"{validator.Metadata.Name} checks changes of Istio's configuration by it{(fails ? ": without it every change is refused" : "")}",
            Advice = "Point it at another istiod, such as by a tag named default.",
            Blocking = fails,
        };
    }

    private static string? AskedBy(JsonElement webhook) =>
        webhook.TryGetProperty("clientConfig", out var config) && config.TryGetProperty("service", out var service) && service.TryGetProperty("name", out var name)
            ? IstiodFacts.RevisionOf(name.GetString() ?? "")
            : null;
}
