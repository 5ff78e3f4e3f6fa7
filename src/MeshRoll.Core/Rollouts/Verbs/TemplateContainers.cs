using System.Text.Json;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>A container of a pod template, and where it stands.</summary>
/// <param name="List">containers or initContainers.</param>
/// <param name="Index">Its place in the list.</param>
/// <param name="Name">Its name.</param>
/// <param name="Image">Its image; null when it has none.</param>
internal sealed record TemplateContainer(string List, int Index, string Name, string? Image);

/// <summary>Reads the containers of a raw pod template.</summary>
internal static class TemplateContainers
{
    /// <summary>The containers, then the init containers.</summary>
    public static IReadOnlyList<TemplateContainer> Of(JsonElement template) =>
        template.ValueKind == JsonValueKind.Object && template.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object
            ? [.. In(spec, "containers"), .. In(spec, "initContainers")]
            : [];

    /// <summary>Their images, without repetition.</summary>
    public static IReadOnlyList<string> Images(JsonElement template) => [.. Of(template).Select(container => container.Image).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<TemplateContainer> In(JsonElement spec, string list)
    {
        if (!spec.TryGetProperty(list, out var containers) || containers.ValueKind != JsonValueKind.Array) yield break;
        var index = 0;
        foreach (var container in containers.EnumerateArray()) yield return new(list, index++, Text(container, "name") ?? "", Text(container, "image"));
    }

    private static string? Text(JsonElement container, string name) =>
        container.ValueKind == JsonValueKind.Object && container.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
