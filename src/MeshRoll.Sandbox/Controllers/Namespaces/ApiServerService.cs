using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Controllers.Namespaces;

/// <summary>
/// The Service by which pods reach the API server, in every cluster from its first moment (pkg/controlplane/controller/kubernetesservice). It has no
/// endpoints here: no pod of a sandbox asks.
/// </summary>
internal static class ApiServerService
{
    /// <summary>Where it lives.</summary>
    public const string Namespace = "default";

    private const string Name = "kubernetes";

    /// <summary>Whether an object is it.</summary>
    public static bool Is(StoredObject stored) => stored.Resource == ApiResources.Services && stored is { Namespace: Namespace, Name: Name };

    /// <summary>Makes it where it is missing.</summary>
    public static void Ensure(Cluster cluster)
    {
        if (cluster.Store.Find(ApiResources.Services, Namespace, Name) is not null) return;
        cluster.Create(ApiResources.Services, Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Name, ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" } },
            ["spec"] = new JsonObject
            {
                // The first address of the range of Services.
                ["clusterIP"] = "10.96.0.1",
                ["ports"] = new JsonArray { new JsonObject { ["name"] = "https", ["port"] = 443, ["protocol"] = "TCP", ["targetPort"] = 6443 } },
            },
        });
    }
}
