using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshRoll.Core.ControlPlane.Injectors.Switching;

/// <summary>Why something is not done: a stable id, and a sentence with the way out.</summary>
internal sealed record InjectorRefusal(string Id, string Message)
{
    /// <summary>As an exception.</summary>
    public InjectorRefusedException ToException() => new(Id, Message);
}

/// <summary>What has to hold of a revision before new pods are sent to it. Each rule is pure and gives null when it holds.</summary>
internal static class TargetRules
{
    /// <summary>All of them, in the order in which they are of use to a person.</summary>
    public static InjectorRefusal? Check(InjectorSurvey survey, string revision, DateTimeOffset now) =>
        Exists(survey, revision) ?? IsOne(survey, revision) ?? IsReady(survey, revision) ?? HasEndpoints(survey, revision) ?? HasAuthority(survey, revision, now);

    /// <summary>The revision is there.</summary>
    public static InjectorRefusal? Exists(InjectorSurvey survey, string revision)
    {
        if (survey.Revisions.Contains(revision)) return null;
        if (survey.Revisions.Count == 0) return new("MeshRoll.RevisionNotFound", "There are no revisions of Istio in this cluster: install one first. (Other meshes have one injector, which is upgraded in place.)");
        var hint = survey.Tags.Contains(revision) ? $"{revision} is a tag, which points at one of them" : $"there is no revision {revision}";
        return new("MeshRoll.RevisionNotFound", $"{Capital(hint)}; the revisions are {InWords(survey.Revisions)}. Name one of these, or install {revision} first.");
    }

    /// <summary>Exactly one webhook is the revision's own, as istioctl demands.</summary>
    public static InjectorRefusal? IsOne(InjectorSurvey survey, string revision) => survey.OwnWebhooks(revision) is { Count: > 1 } several
        ? new("MeshRoll.RevisionAmbiguous", $"Revision {revision} has {several.Count} webhooks of its own ({InWords(several.Select(webhook => webhook.Name))}), so that none can be taken for the right one: delete those that an earlier installation left.")
        : null;

    /// <summary>Its istiod's service and pods are there.</summary>
    public static InjectorRefusal? IsReady(InjectorSurvey survey, string revision)
    {
        if (IstiodOf(survey, revision) is not { } istiod)
        {
            return survey.OwnWebhooks(revision) is [{ Service: null } outside]
                ? new("MeshRoll.TargetUnknown", $"Revision {revision} is asked by the address {outside.Entry.ClientConfig.Url}: whether it is ready cannot be seen from here. Switch it with the tools of whoever runs it.")
                : new("MeshRoll.TargetNotReady", $"Revision {revision} has no service {IstiodFacts.ServiceFor(revision)} in any istiod namespace, so that no pod could be created: install its istiod first.");
        }
        if (istiod.Exists == false)
            return new("MeshRoll.TargetNotReady", $"The service {istiod.Service} in {istiod.Namespace} of revision {revision} does not exist, so that no pod could be created: install its istiod first.");
        if (istiod.Deployments is { Count: > 0 } deployments && deployments.All(deployment => deployment.Status.ReadyReplicas == 0))
            return new("MeshRoll.TargetNotReady", $"istiod of revision {revision} is not ready ({istiod.PodsInWords}), so that no pod could be created: wait for deployment {deployments[0].Metadata.Name} in {istiod.Namespace}, or see why it does not come up with Get-MeshRolloutDiagnosis -Namespace {istiod.Namespace} -Name deploy/{deployments[0].Metadata.Name}.");
        return null;
    }

    /// <summary>Somebody stands behind its service, on the port that is asked.</summary>
    public static InjectorRefusal? HasEndpoints(InjectorSurvey survey, string revision)
    {
        var istiod = IstiodOf(survey, revision)!;
        if (istiod.IsExternal) return null;
        if (istiod.Endpoints is null)
            return new("MeshRoll.TargetUnknown", $"Whether anybody stands behind service {istiod.Service} in {istiod.Namespace} cannot be read ({istiod.Problem}): ask for the right to get endpoints there, for without that a switch could block all pods.");
        if (istiod.Endpoints == 0)
            return new("MeshRoll.TargetWithoutEndpoints", $"Nobody stands behind service {istiod.Service} in {istiod.Namespace} of revision {revision}, so that no pod could be created: see whether its selector fits istiod's pods, and whether these are ready.");
        var port = (int?)ClientConfig(survey, revision)?["service"]?["port"] ?? 443;
        return istiod.Ports.Count == 0 || istiod.Ports.Contains(port) ? null
            : new("MeshRoll.TargetWithoutEndpoints", $"Service {istiod.Service} in {istiod.Namespace} has no port {port}, so that no pod could be created: it has {InWords(istiod.Ports.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)))}.");
    }

    /// <summary>An authority is known that its istiod's certificate comes from, and has not expired.</summary>
    public static InjectorRefusal? HasAuthority(InjectorSurvey survey, string revision, DateTimeOffset now)
    {
        var bundle = (string?)ClientConfig(survey, revision)?["caBundle"] ?? "";
        return CaBundles.StateOf(bundle, null, now) switch
        {
            CaBundleState.Valid => null,
            CaBundleState.Missing when survey.OwnWebhooks(revision) is [var own] && survey.RevisionAskedBy(own) is { } other && other != revision => new("MeshRoll.CaBundleNotFound", $"The authority (caBundle) of revision {revision} is not known any more, because its own webhook {own.Name} was pointed at {other}, so that the API server could not trust its istiod: bring the webhook back with Restore-MeshInjector and the backup that was kept then."),
            CaBundleState.Missing => new("MeshRoll.CaBundleNotFound", $"No webhook of revision {revision}'s own carries its authority (caBundle), so that the API server could not trust its istiod: restore the webhook {InjectorWebhook.NameFor(revision, IstiodOf(survey, revision)?.Namespace ?? InjectorWebhook.UsualNamespace)}, or have istiod write its caBundle by restarting it."),
            CaBundleState.Expired => new("MeshRoll.CaBundleInvalid", $"The authority (caBundle) in the webhook of revision {revision} has expired, so that the API server would refuse its istiod: renew istiod's certificates first."),
            _ => new("MeshRoll.CaBundleInvalid", $"The caBundle in the webhook of revision {revision} holds no certificate, so that the API server could not trust its istiod: have istiod write it anew by restarting it."),
        };
    }

    /// <summary>
    /// Whom to ask and whom to trust for a revision: from its own webhook; where that was pointed elsewhere or is gone, from its validating webhook, whose
    /// authority istiod itself keeps up to date. Null when neither tells.
    /// </summary>
    public static JsonObject? ClientConfig(InjectorSurvey survey, string revision)
    {
        var own = survey.OwnWebhooks(revision) is [var only] ? only : null;
        var config = own?.Entries.FirstOrDefault() is { ValueKind: JsonValueKind.Object } entry && entry.TryGetProperty("clientConfig", out var found) ? JsonObject.Create(found)?.DeepClone().AsObject() : null;
        if (own is not null && config is not null && own.CaBundle.Length > 0 && (survey.RevisionAskedBy(own) ?? revision) == revision) return config;
        if (survey.IstiodOf(revision) is not { } istiod) return null;

        var validator = (survey.Validators ?? []).Select(validator => ConfigFor(validator.At("webhooks"), istiod)).FirstOrDefault(candidate => candidate is not null);
        if (validator is null) return null;
        JsonObject service = new() { ["namespace"] = istiod.Namespace, ["name"] = istiod.Service, ["path"] = (string?)config?["service"]?["path"] ?? "/inject" };
        if ((config?["service"]?["port"] ?? validator["service"]?["port"])?.DeepClone() is { } port) service["port"] = port;
        return new() { ["service"] = service, ["caBundle"] = (string?)validator["caBundle"] };
    }

    /// <summary>The service of a revision's istiod: the one that its own webhook names, or the one of the revision's name.</summary>
    public static IstiodFacts? IstiodOf(InjectorSurvey survey, string revision) =>
        survey.OwnWebhooks(revision) is [var own] && survey.RevisionAskedBy(own) == revision ? survey.AskedBy(own) : survey.IstiodOf(revision);

    internal static string InWords(IEnumerable<string> names) => string.Join(", ", names);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static JsonObject? ConfigFor(JsonElement? webhooks, IstiodFacts istiod)
    {
        foreach (var entry in webhooks is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default)
        {
            if (JsonObject.Create(entry)?["clientConfig"]?.DeepClone() is JsonObject config && (string?)config["caBundle"] is { Length: > 0 }
                && (string?)config["service"]?["name"] == istiod.Service && (string?)config["service"]?["namespace"] == istiod.Namespace) return config;
        }
        return null;
    }
}
