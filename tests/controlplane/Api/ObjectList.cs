using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Api;

/// <summary>A whole list, however many pages it came in.</summary>
/// <param name="Items">The objects; list items carry neither kind nor apiVersion.</param>
/// <param name="ResourceVersion">From here a watch goes on.</param>
public sealed record ObjectList(IReadOnlyList<JsonObject> Items, string ResourceVersion);
