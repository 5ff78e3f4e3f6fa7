using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Selecting;

namespace MeshRoll.Sandbox.Writing;

/// <summary>Names and namespaces of new objects.</summary>
internal static class NewNames
{
    // As the real server: no vowels and nothing that looks like another sign, so that no words come about.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int LongestBase = 58;

    /// <summary>How many signs end a generated name.</summary>
    public const int SuffixLength = 5;

    /// <summary>Completes name and namespace, or says what is wrong with them.</summary>
    /// <param name="resource">The kind of object.</param>
    /// <param name="namespace">The namespace of the request.</param>
    /// <param name="metadata">The new object's.</param>
    /// <param name="suffix">Makes the end of a generated name.</param>
    /// <param name="taken">Whether there is an object of a name already.</param>
    public static void Complete(ApiResource resource, string @namespace, JsonObject metadata, Func<string> suffix, Predicate<string> taken)
    {
        if (resource.Namespaced)
        {
            var asked = metadata.Text("namespace") ?? "";
            if (asked.Length > 0 && asked != @namespace) throw ApiStatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
            metadata["namespace"] = @namespace;
        }
        else
        {
            metadata.Remove("namespace");
        }

        var prefix = metadata.Text("generateName") ?? "";
        if (string.IsNullOrEmpty(metadata.Text("name")) && prefix.Length > 0) metadata["name"] = Generate(prefix, suffix, taken);
        var name = metadata.Text("name") ?? "";
        if (name.Length == 0)
            throw ApiStatusException.Invalid(resource, "", [new("metadata.name", "FieldValueRequired", "Required value: name or generateName is required")]);
        if (resource.HasPathNames)
        {
            if (PathNameError(name) is { } wrong) throw ApiStatusException.Invalid(resource, name, [new("metadata.name", "FieldValueInvalid", $"Invalid value: \"{name}\": {wrong}")]);
            return;
        }
        if (resource == ApiResources.Namespaces && (name.Length > 63 || !LabelSyntax.IsDnsLabel(name)))
            throw ApiStatusException.Invalid(resource, name, [new("metadata.name", "FieldValueInvalid", $"Invalid value: \"{name}\": {(name.Length > 63 ? "must be no more than 63 characters" : NotALabel)}")]);
        if (!LabelSyntax.IsDomain(name))
            throw ApiStatusException.Invalid(resource, name, [new("metadata.name", "FieldValueInvalid", $"Invalid value: \"{name}\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]);
    }

    public static string Generate(string prefix, Func<string> suffix, Predicate<string> taken)
    {
        if (prefix.Length > LongestBase) prefix = prefix[..LongestBase];
        var name = prefix + suffix();
        // As servers from 1.30 on: a name that is taken by chance is nobody's fault.
        for (var tries = 1; tries < 8 && taken(name); tries++) name = prefix + suffix();
        return name;
    }

    private const string NotALabel = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>Five random signs.</summary>
    public static string Suffix(Random random) => string.Create(SuffixLength, random, static (signs, random) =>
    {
        for (var i = 0; i < signs.Length; i++) signs[i] = Alphabet[random.Next(Alphabet.Length)];
    });

    /// <summary>Why a name cannot stand in a path; null when it can.</summary>
    public static string? PathNameError(string name)
    {
        if (name is "." or "..") return $"may not be '{name}'";
        if (name.Contains('/')) return "may not contain '/'";
        return name.Contains('%') ? "may not contain '%'" : null;
    }
}
