using System.Globalization;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Admission;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>
/// Counts the templates of a DaemonSet in the annotation <c>deprecated.daemonset.template.generation</c>, where servers keep it since the field it
/// comes from has gone (apps/v1 conversion and the DaemonSet strategy).
/// </summary>
internal sealed class TemplateGenerations : IAdmission
{
    private const string Annotation = "deprecated.daemonset.template.generation";

    /// <inheritdoc/>
    public bool Concerns(string operation, ApiResource resource) => operation != "DELETE" && resource == ApiResources.DaemonSets;

    /// <inheritdoc/>
    public void Admit(AdmissionRequest request)
    {
        if (request.Resource != ApiResources.DaemonSets || request.Operation == "DELETE") return;
        request.Object.Object("metadata", "annotations")[Annotation] = Generation(request).ToString(CultureInfo.InvariantCulture);
    }

    private static long Generation(AdmissionRequest request)
    {
        if (request.Before is not { } stored) return 1;
        var before = stored.ToJson();
        var known = long.TryParse(before.Text("metadata", "annotations", Annotation), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        return JsonNode.DeepEquals(before.At("spec", "template"), request.Object.At("spec", "template")) ? known : known + 1;
    }
}
