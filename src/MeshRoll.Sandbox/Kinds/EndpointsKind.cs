using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>Endpoints (core/v1).</summary>
internal static class EndpointsKind
{
    /// <summary>Ports are TCP unless they say otherwise.</summary>
    public static void Default(JsonObject endpoints)
    {
        foreach (var subset in endpoints.Items("subsets"))
        {
            foreach (var port in subset.Items("ports")) port.Fill("protocol", "TCP");
        }
    }
}
