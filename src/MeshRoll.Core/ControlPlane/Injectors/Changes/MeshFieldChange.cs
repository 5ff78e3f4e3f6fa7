namespace MeshRoll.Core.ControlPlane.Injectors.Changes;

/// <summary>One field of one object, before and after.</summary>
/// <param name="Object">The object, such as <c>MutatingWebhookConfiguration/istio-sidecar-injector</c>.</param>
/// <param name="Field">The field, such as <c>webhooks[0].clientConfig.service.name</c>; empty for the whole object.</param>
/// <param name="Before">Its value before; null when there was none. An authority is shown by its fingerprint.</param>
/// <param name="After">Its value after; null when it was taken away.</param>
public sealed record MeshFieldChange(string Object, string Field, string? Before, string? After)
{
    /// <summary>The change in a line; long values are cut.</summary>
    public override string ToString() => Field.Length > 0 ? $"{Object} {Field}: {Short(Before)} -> {Short(After)}" : $"{Object} {(After is null ? "deleted" : "created")}";

    private static string Short(string? value) => value switch { null => "(none)", { Length: > 80 } => value[..77] + "...", _ => value };
}
