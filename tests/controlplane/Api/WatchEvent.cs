using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Api;

/// <summary>One line of a watch.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED or BOOKMARK; an ERROR is thrown as <see cref="KubeApiException"/> instead.</param>
/// <param name="Body">The object as it was sent.</param>
public sealed record WatchEvent(string Type, JsonObject Body);
