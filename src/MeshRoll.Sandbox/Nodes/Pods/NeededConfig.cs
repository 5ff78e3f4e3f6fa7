using System.Text.Json;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>A ConfigMap or Secret that a container's environment is made from.</summary>
/// <param name="Resource">ConfigMaps or Secrets.</param>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key needed; empty for all.</param>
internal sealed record NeededConfig(ApiResource Resource, string Name, string Key)
{
    /// <summary>What is wrong with it, as the kubelet says it, or null.</summary>
    public string? Problem(ObjectStore store, string @namespace)
    {
        if (store.Find(Resource, @namespace, Name) is not { } found) return $"{Resource.Singular} \"{Name}\" not found";
        if (Key.Length == 0) return null;
        using var document = JsonDocument.Parse(found.Json);
        var has = document.RootElement.At("data", Key).ValueKind != JsonValueKind.Undefined || document.RootElement.At("binaryData", Key).ValueKind != JsonValueKind.Undefined;
        return has ? null : $"couldn't find key {Key} in {Resource.Kind} {@namespace}/{Name}";
    }

    internal static IReadOnlyList<NeededConfig> ReadAll(JsonElement container)
    {
        List<NeededConfig>? needs = null;
        foreach (var source in container.Items("envFrom"))
        {
            Add(ApiResources.ConfigMaps, source.At("configMapRef"));
            Add(ApiResources.Secrets, source.At("secretRef"));
        }
        foreach (var variable in container.Items("env"))
        {
            if (variable.At("valueFrom") is not { ValueKind: JsonValueKind.Object } source) continue;
            Add(ApiResources.ConfigMaps, source.At("configMapKeyRef"));
            Add(ApiResources.Secrets, source.At("secretKeyRef"));
        }
        return needs ?? (IReadOnlyList<NeededConfig>)[];

        void Add(ApiResource resource, JsonElement reference)
        {
            if (reference.ValueKind != JsonValueKind.Object || reference.Flag("optional")) return;
            (needs ??= []).Add(new(resource, reference.Text("name"), reference.Text("key")));
        }
    }
}
