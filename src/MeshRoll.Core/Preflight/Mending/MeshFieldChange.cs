namespace MeshRoll.Core.Preflight.Mending;

/// <summary>A field of an object that a patch changes.</summary>
/// <param name="Path">Where: <c>spec.template.spec.containers[app].lifecycle</c>.</param>
/// <param name="Before">Its value before, as JSON; empty where there was none.</param>
/// <param name="After">Its value afterwards, as the server makes it; empty where there is none.</param>
public sealed record MeshFieldChange(string Path, string Before, string After)
{
    /// <summary>All of it in a line.</summary>
    public override string ToString() => $"{Path}: {Or(Before)} -> {Or(After)}";

    private static string Or(string value) => value.Length == 0 ? "(none)" : value;
}
