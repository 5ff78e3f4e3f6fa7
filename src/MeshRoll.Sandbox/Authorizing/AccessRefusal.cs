using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Selecting;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>How the server says that somebody may not do something (responsewriters.Forbidden of k8s.io/apiserver).</summary>
internal static class AccessRefusal
{
    /// <summary>The refusal.</summary>
    /// <param name="who">Who asked.</param>
    /// <param name="what">For what.</param>
    /// <param name="reason">What else is to be said; empty for nothing.</param>
    public static ApiStatusException Of(Identity who, AccessAttributes what, string reason = "")
    {
        var sentence = Harmless(Sentence(who, what));
        if (reason.Length > 0) sentence += $": {reason}";
        if (what.Path is not null) return new(403, "Forbidden", $"forbidden: {sentence}") { Details = [] };

        var resource = what.Group.Length == 0 ? what.Resource : $"{what.Resource}.{what.Group}";
        var details = new JsonObject();
        if (what.Name.Length > 0) details["name"] = what.Name;
        if (what.Group.Length > 0) details["group"] = what.Group;
        details["kind"] = what.Resource;
        return new(403, "Forbidden", what.Name.Length == 0 ? $"{resource} is forbidden: {sentence}" : $"{resource} \"{what.Name}\" is forbidden: {sentence}") { Details = details };
    }

    private static string Sentence(Identity who, AccessAttributes what)
    {
        if (what.Path is not null) return $"User {LabelSyntax.Quoted(who.Name)} cannot {what.Verb} path {LabelSyntax.Quoted(what.Path)}";
        var where = what.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{what.Namespace}\"";
        return $"User {LabelSyntax.Quoted(who.Name)} cannot {what.Verb} resource \"{what.CombinedResource}\" in API group \"{what.Group}\" {where}";
    }

    // The sentence may end up in a page.
    private static string Harmless(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
