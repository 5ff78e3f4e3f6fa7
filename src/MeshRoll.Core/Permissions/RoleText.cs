using System.Text;
using System.Text.Json;

namespace MeshRoll.Core.Permissions;

/// <summary>
/// Writes rights as roles in YAML, for kubectl apply: a ClusterRole for what lives in no namespace, a Role for each namespace, and bindings where
/// somebody is named. The same rights give the same text, whatever their order.
/// </summary>
internal static class RoleText
{
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal) { "true", "false", "null", "yes", "no", "on", "off", "y", "n" };

    /// <summary>The roles, and their bindings.</summary>
    /// <param name="permissions">The rights to be given.</param>
    /// <param name="name">The name of every role.</param>
    /// <param name="subject">Whom they are bound to; null for roles alone.</param>
    public static string Of(IEnumerable<PlannedPermission> permissions, string name, RoleSubject? subject)
    {
        var all = permissions.ToList();
        var everywhere = all.Where(permission => permission.Namespace.Length == 0 && permission.Need.Names.Count == 0).Select(Right).ToHashSet();
        var text = new StringBuilder();
        text.Append("# What these commands of MeshRoll need, and nothing else: ").AppendJoin(", ", all.Select(permission => permission.Cmdlet).Distinct().Order(StringComparer.Ordinal)).Append('\n');
        foreach (var place in all.GroupBy(permission => permission.Namespace).OrderBy(place => place.Key, StringComparer.Ordinal))
        {
            var rules = RoleRule.Of(place.Where(permission => place.Key.Length == 0 || !everywhere.Contains(Right(permission))));
            if (rules.Count == 0) continue;
            WriteRole(text, name, place.Key, rules);
            if (subject is not null) WriteBinding(text, name, place.Key, subject);
        }
        return text.ToString();
    }

    private static (string, string, string) Right(PlannedPermission permission) => (permission.Verb, permission.Need.Group, permission.Need.Resource);

    private static void WriteRole(StringBuilder text, string name, string @namespace, IReadOnlyList<RoleRule> rules)
    {
        WriteHead(text, @namespace.Length == 0 ? "ClusterRole" : "Role", name, @namespace);
        text.Append("rules:\n");
        foreach (var rule in rules)
        {
            if (rule.IsPath)
            {
                text.Append("  - nonResourceURLs: ").Append(List(rule.Resources)).Append('\n');
            }
            else
            {
                text.Append("  - apiGroups: ").Append(List([rule.Group])).Append('\n');
                text.Append("    resources: ").Append(List(rule.Resources)).Append('\n');
                if (rule.Names.Count > 0) text.Append("    resourceNames: ").Append(List(rule.Names)).Append('\n');
            }
            text.Append("    verbs: ").Append(List(rule.Verbs)).Append('\n');
        }
    }

    private static void WriteBinding(StringBuilder text, string name, string @namespace, RoleSubject subject)
    {
        WriteHead(text, @namespace.Length == 0 ? "ClusterRoleBinding" : "RoleBinding", name, @namespace);
        text.Append("roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ").Append(@namespace.Length == 0 ? "ClusterRole" : "Role").Append("\n  name: ").Append(Scalar(name)).Append('\n');
        text.Append("subjects:\n  - kind: ").Append(subject.Kind).Append("\n    name: ").Append(Scalar(subject.Name)).Append('\n');
        if (subject.Namespace.Length > 0) text.Append("    namespace: ").Append(Scalar(subject.Namespace)).Append('\n');
        else text.Append("    apiGroup: rbac.authorization.k8s.io\n");
    }

    private static void WriteHead(StringBuilder text, string kind, string name, string @namespace)
    {
        text.Append("---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ").Append(kind).Append("\nmetadata:\n  name: ").Append(Scalar(name)).Append('\n');
        if (@namespace.Length > 0) text.Append("  namespace: ").Append(Scalar(@namespace)).Append('\n');
    }

    private static string List(IReadOnlyList<string> values) => $"[{string.Join(", ", values.Select(Scalar))}]";

    // JSON's strings are YAML's too.
    private static string Scalar(string text) => IsPlain(text) ? text : $"\"{JsonEncodedText.Encode(text)}\"";

    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetterLower(text[0]) || text[0] == '/') && !s_reserved.Contains(text)
        && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '.' or '/');
}
