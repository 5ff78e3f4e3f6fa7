namespace MeshRoll.Core.ControlPlane.Injectors.Changes;

/// <summary>One field of one object, before and after.</summary>
/// <param name="Object">The object, such as <c>MutatingWebhookConfiguration/istio-sidecar-injector</c>.</param>
/// <param name="Field">The field, such as <c>webhooks[0].clientConfig.service.name</c>; empty for the whole object.</param>
/// <param name="Before">Its value before; null when there was none. An authority is shown by its fingerprint.</param>
/// <param name="After">Its value after; null when it was taken away.</param>
public sealed record MeshFieldChange(string Object, string Field, string? Before, string? After)
{
    /// <summary>The change in a line.</summary>
    public override string ToString() => $"{Object} {(Field.Length == 0 ? "" : Field + ": ")}{Before ?? "(none)"} -> {After ?? "(none)"}";
}
