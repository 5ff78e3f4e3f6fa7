using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Objects;

/// <summary>What roles and bindings must look like (the rules of pkg/apis/rbac/validation and its defaults).</summary>
internal static class RbacObjects
{
    /// <summary>What a binding leaves out: the group of its role, and of users and groups.</summary>
    public static void DefaultBinding(JsonObject binding)
    {
        FillGroup(binding.Object("roleRef"));
        foreach (var subject in binding.Items("subjects"))
        {
            if (subject.Text("kind") is "User" or "Group") FillGroup(subject);
        }
    }

    /// <summary>A role always says which rules it has, if only that there are none.</summary>
    public static void DefaultRole(JsonObject role)
    {
        if (!role.ContainsKey("rules")) role["rules"] = null;
    }

    public static IEnumerable<FieldError> ValidateRole(JsonObject role, JsonObject? before) => ValidateRules(role, isNamespaced: true);

    public static IEnumerable<FieldError> ValidateClusterRole(JsonObject role, JsonObject? before) => ValidateRules(role, isNamespaced: false);

    public static IEnumerable<FieldError> ValidateRoleBinding(JsonObject binding, JsonObject? before) => ValidateBinding(binding, before, ["Role", "ClusterRole"], isNamespaced: true);

    public static IEnumerable<FieldError> ValidateClusterRoleBinding(JsonObject binding, JsonObject? before) => ValidateBinding(binding, before, ["ClusterRole"], isNamespaced: false);

    private static void FillGroup(JsonObject reference)
    {
        if (string.IsNullOrEmpty(reference.Text("apiGroup"))) reference["apiGroup"] = ApiResources.RbacGroup;
    }

    private static IEnumerable<FieldError> ValidateRules(JsonObject role, bool isNamespaced)
    {
        var index = 0;
        foreach (var rule in role.Items("rules"))
        {
            var path = $"rules[{index++}]";
            if (Count(rule, "verbs") == 0) yield return Required($"{path}.verbs", "verbs must contain at least one value");
            if (Count(rule, "nonResourceURLs") > 0)
            {
                var urls = GoList(rule, "nonResourceURLs");
                if (isNamespaced) yield return Invalid($"{path}.nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs");
                if (Count(rule, "apiGroups") > 0 || Count(rule, "resources") > 0 || Count(rule, "resourceNames") > 0)
                    yield return Invalid($"{path}.nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs");
                continue;
            }
            if (Count(rule, "apiGroups") == 0) yield return Required($"{path}.apiGroups", "resource rules must supply at least one api group");
            if (Count(rule, "resources") == 0) yield return Required($"{path}.resources", "resource rules must supply at least one resource");
        }
    }

    private static IEnumerable<FieldError> ValidateBinding(JsonObject binding, JsonObject? before, string[] roleKinds, bool isNamespaced)
    {
        var role = binding["roleRef"];
        var (group, kind, name) = (role.Text("apiGroup") ?? "", role.Text("kind") ?? "", role.Text("name") ?? "");
        if (group != ApiResources.RbacGroup) yield return NotSupported("roleRef.apiGroup", group, [ApiResources.RbacGroup]);
        if (!roleKinds.Contains(kind)) yield return NotSupported("roleRef.kind", kind, roleKinds);
        if (name.Length == 0) yield return Required("roleRef.name");
        else if (NewNames.PathNameError(name) is { } wrong) yield return Invalid("roleRef.name", $"\"{name}\"", wrong);

        var index = 0;
        foreach (var subject in binding.Items("subjects"))
        {
            foreach (var error in ValidateSubject(subject, $"subjects[{index}]", isNamespaced)) yield return error;
            index++;
        }
        if (before is null || SameRole(before["roleRef"], role)) yield break;
        yield return Invalid("roleRef", $"rbac.RoleRef{{APIGroup:\"{group}\", Kind:\"{kind}\", Name:\"{name}\"}}", "cannot change roleRef");
    }

    private static IEnumerable<FieldError> ValidateSubject(JsonObject subject, string path, bool isNamespaced)
    {
        var (group, kind, name) = (subject.Text("apiGroup") ?? "", subject.Text("kind") ?? "", subject.Text("name") ?? "");
        if (name.Length == 0) yield return Required($"{path}.name");
        switch (kind)
        {
            case "ServiceAccount":
                if (group.Length > 0) yield return NotSupported($"{path}.apiGroup", group, [""]);
                if (!isNamespaced && string.IsNullOrEmpty(subject.Text("namespace"))) yield return Required($"{path}.namespace");
                break;
            case "User" or "Group":
                if (group != ApiResources.RbacGroup) yield return NotSupported($"{path}.apiGroup", group, [ApiResources.RbacGroup]);
                break;
            default:
                yield return NotSupported($"{path}.kind", kind, ["ServiceAccount", "User", "Group"]);
                break;
        }
    }

    private static bool SameRole(JsonNode? one, JsonNode? other) =>
        one.Text("apiGroup") == other.Text("apiGroup") && one.Text("kind") == other.Text("kind") && one.Text("name") == other.Text("name");

    private static int Count(JsonObject rule, string name) => rule[name] is JsonArray list ? list.Count : 0;

    // The server prints a list of texts as Go does with %#v.
    private static string GoList(JsonObject rule, string name) => $"[]string{{{string.Join(", ", rule.List(name).Select(entry => $"\"{entry}\""))}}}";

    private static FieldError Required(string field, string why = "") => new(field, "FieldValueRequired", why.Length == 0 ? "Required value" : $"Required value: {why}");

    private static FieldError Invalid(string field, string value, string why) => new(field, "FieldValueInvalid", $"Invalid value: {value}: {why}");

    private static FieldError NotSupported(string field, string value, string[] supported) =>
        new(field, "FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Select(one => $"\"{one}\""))}");
}
