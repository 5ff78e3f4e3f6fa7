using System.Text.Json;
using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>
/// One MutatingWebhookConfiguration of Istio's injector, whole. Names and labels: Istio documentation, "Canary Upgrades" and "Stable revision labels";
/// outside of istio-system names end in the namespace of istiod.
/// </summary>
internal sealed class InjectorWebhook
{
    /// <summary>How the names of revisions' own configurations begin.</summary>
    public const string NameOfRevision = "istio-sidecar-injector";

    /// <summary>How the names of tags' configurations begin.</summary>
    public const string NameOfTag = "istio-revision-tag-";

    /// <summary>Istio's usual namespace, which names do not mention.</summary>
    public const string UsualNamespace = "istio-system";

    /// <summary>What a switched off webhook selects by: no namespace carries it.</summary>
    public const string DeactivatedLabel = "istio.io/deactivated";

    private const string EntrySuffix = "sidecar-injector.istio.io";

    private InjectorWebhook(RawObject raw, MutatingWebhookConfiguration model) => (Raw, Model) = (raw, model);

    /// <summary>As the server wrote it.</summary>
    public RawObject Raw { get; }

    /// <summary>The fields that rules look at.</summary>
    public MutatingWebhookConfiguration Model { get; }

    /// <summary>Its name.</summary>
    public string Name => Model.Metadata.Name;

    /// <summary>The tag it serves; null for a revision's own.</summary>
    public string? Tag =>
        Model.Metadata.Labels.GetValueOrDefault(RevisionTags.TagLabel) is { Length: > 0 } tag ? tag : NameAfter(Name, NameOfTag, IstiodNamespace) is { Length: > 0 } named ? named : null;

    /// <summary>The revision it is labelled with; <c>default</c> for the unnamed one.</summary>
    public string Revision
    {
        get
        {
            var revision = Model.Metadata.Labels.GetValueOrDefault(IstioStatus.RevisionLabel) ?? NameAfter(Name, NameOfRevision + "-", IstiodNamespace) ?? "";
            return revision.Length == 0 ? IstioStatus.DefaultRevision : revision;
        }
    }

    /// <summary>The first of its webhooks that is Istio's: all of them ask the same.</summary>
    public MutatingWebhook Entry => Model.Webhooks.FirstOrDefault(IsEntry) ?? (Model.Webhooks is [var first, ..] ? first : new());

    /// <summary>The service that is asked; null when an address is called.</summary>
    public WebhookService? Service => Entry.ClientConfig.Service;

    /// <summary>Where the istiod is that it asks.</summary>
    public string IstiodNamespace => Service?.Namespace is { Length: > 0 } place ? place : UsualNamespace;

    /// <summary>The authority of the first webhook, in base64; empty when there is none.</summary>
    public string CaBundle => CaBundles.FirstOrDefault("");

    /// <summary>The authority of each webhook, in base64.</summary>
    public IEnumerable<string> CaBundles => Entries.Select(entry => Text(entry, "clientConfig", "caBundle"));

    /// <summary>Its webhooks, whole.</summary>
    public IEnumerable<JsonElement> Entries => Raw.At("webhooks") is { ValueKind: JsonValueKind.Array } webhooks ? webhooks.EnumerateArray() : [];

    /// <summary>Whether it can match anything: switched off ones select by a label nothing carries.</summary>
    public bool IsActive => Model.Webhooks.Any(static entry => !IsNever(entry.NamespaceSelector));

    /// <summary>Reads a configuration; null when it is not Istio's injector.</summary>
    public static InjectorWebhook? From(RawObject raw)
    {
        var model = raw.As(Resources.MutatingWebhookConfigurations);
        return model.Webhooks.Any(IsEntry) || IsNamedSo(model.Metadata.Name) ? new(raw, model) : null;
    }

    /// <summary>Whether a webhook is Istio's injector, by its name.</summary>
    public static bool IsEntry(MutatingWebhook entry) => entry.Name.EndsWith(EntrySuffix, StringComparison.Ordinal);

    /// <summary>The configuration's name for a revision whose istiod is in a namespace.</summary>
    public static string NameFor(string revision, string istiodNamespace) =>
        NameOfRevision + (revision == IstioStatus.DefaultRevision ? "" : "-" + revision) + Suffix(istiodNamespace);

    /// <summary>The configuration's name for a tag.</summary>
    public static string NameForTag(string tag, string istiodNamespace) => NameOfTag + tag + Suffix(istiodNamespace);

    /// <summary>Its webhooks that would be called for a pod.</summary>
    public IEnumerable<MutatingWebhook> Matching(IReadOnlyDictionary<string, string> namespaceLabels, IReadOnlyDictionary<string, string> podLabels) =>
        Model.Webhooks.Where(entry => IsEntry(entry) && SelectorMatch.Selects(entry.NamespaceSelector, namespaceLabels) && SelectorMatch.Selects(entry.ObjectSelector, podLabels));

    private static bool IsNamedSo(string name) => name.StartsWith(NameOfRevision, StringComparison.Ordinal) || name.StartsWith(NameOfTag, StringComparison.Ordinal);

    private static bool IsNever(LabelSelector? selector) => selector?.MatchLabels.ContainsKey(DeactivatedLabel) == true;

    private static string Suffix(string istiodNamespace) => istiodNamespace == UsualNamespace ? "" : "-" + istiodNamespace;

    private static string? NameAfter(string name, string prefix, string istiodNamespace)
    {
        if (!name.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var rest = name[prefix.Length..];
        if (rest == istiodNamespace) return "";
        return rest.EndsWith("-" + istiodNamespace, StringComparison.Ordinal) ? rest[..^(istiodNamespace.Length + 1)] : rest;
    }

    private static string Text(JsonElement parent, string first, string second) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(first, out var inner) && inner.ValueKind == JsonValueKind.Object
        && inner.TryGetProperty(second, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
