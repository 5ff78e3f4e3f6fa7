using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>Webhook configurations (admissionregistration.k8s.io/v1).</summary>
internal static class WebhookKinds
{
    /// <summary>Fills a mutating configuration in.</summary>
    public static void DefaultMutating(JsonObject configuration)
    {
        DefaultValidating(configuration);
        foreach (var webhook in configuration.Items("webhooks")) webhook.Fill("reinvocationPolicy", "Never");
    }

    /// <summary>Fills a validating configuration in.</summary>
    public static void DefaultValidating(JsonObject configuration)
    {
        foreach (var webhook in configuration.Items("webhooks"))
        {
            webhook.Fill("failurePolicy", "Fail");
            webhook.Fill("matchPolicy", "Equivalent");
            if (webhook["namespaceSelector"] is null) webhook["namespaceSelector"] = new JsonObject();
            if (webhook["objectSelector"] is null) webhook["objectSelector"] = new JsonObject();
            webhook.Fill("timeoutSeconds", 10);
            foreach (var rule in webhook.Items("rules")) rule.Fill("scope", "*");
            if (webhook.At("clientConfig", "service") is JsonObject service) service.Fill("port", 443);
        }
    }

    /// <summary>What is wrong with a mutating configuration.</summary>
    public static IEnumerable<FieldError> ValidateMutating(JsonObject configuration, JsonObject? before) => Validate(configuration, isMutating: true);

    /// <summary>What is wrong with a validating configuration.</summary>
    public static IEnumerable<FieldError> ValidateValidating(JsonObject configuration, JsonObject? before) => Validate(configuration, isMutating: false);

    private static IEnumerable<FieldError> Validate(JsonObject configuration, bool isMutating)
    {
        var index = 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var webhook in configuration.Items("webhooks"))
        {
            var at = $"webhooks[{index++}]";
            foreach (var error in CheckName(webhook.Text("name") ?? "", $"{at}.name", names)) yield return error;
            foreach (var error in OneOf(webhook, at, "failurePolicy", "Fail", "Ignore")) yield return error;
            foreach (var error in OneOf(webhook, at, "matchPolicy", "Equivalent", "Exact")) yield return error;
            if (isMutating)
            {
                foreach (var error in OneOf(webhook, at, "reinvocationPolicy", "IfNeeded", "Never")) yield return error;
            }
            if (webhook.Text("sideEffects") is not { } effects) yield return Required($"{at}.sideEffects", "must specify one of None, NoneOnDryRun");
            else if (effects is not ("None" or "NoneOnDryRun")) yield return NotSupported($"{at}.sideEffects", effects, "None", "NoneOnDryRun");
            if (webhook["admissionReviewVersions"] is not JsonArray { Count: > 0 }) yield return Required($"{at}.admissionReviewVersions", "must specify one of v1, v1beta1");
            if (webhook.Number("timeoutSeconds") is < 1 or > 30) yield return Invalid($"{at}.timeoutSeconds", webhook.Number("timeoutSeconds")!.Value, "the timeout value must be between 1 and 30 seconds");
            foreach (var error in CheckClient(webhook, at)) yield return error;
            foreach (var error in SelectorRules.CheckSyntax(webhook["namespaceSelector"], $"{at}.namespaceSelector")) yield return error;
            foreach (var error in SelectorRules.CheckSyntax(webhook["objectSelector"], $"{at}.objectSelector")) yield return error;
        }
    }

    private static IEnumerable<FieldError> CheckName(string name, string field, HashSet<string> names)
    {
        if (name.Length == 0) yield return Required(field);
        else if (name.Split('.').Length < 3 || MeshRoll.Sandbox.Selecting.LabelSyntax.DomainErrors(name).Count > 0) yield return InvalidText(field, name, "should be a domain with at least three segments separated by dots");
        else if (!names.Add(name)) yield return Duplicate(field, name);
    }

    private static IEnumerable<FieldError> CheckClient(JsonObject webhook, string at)
    {
        var (url, service) = (webhook.At("clientConfig", "url"), webhook.At("clientConfig", "service"));
        if (url is null == service is null) yield return Required($"{at}.clientConfig", "exactly one of url or service is required");
        if (service is null) yield break;
        if (string.IsNullOrEmpty(service.Text("name"))) yield return Required($"{at}.clientConfig.service.name", "service name is required");
        if (string.IsNullOrEmpty(service.Text("namespace"))) yield return Required($"{at}.clientConfig.service.namespace", "service namespace is required");
    }
}
