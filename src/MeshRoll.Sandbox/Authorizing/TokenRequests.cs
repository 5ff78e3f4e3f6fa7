using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Authorizing;

/// <summary>Gives service accounts tokens on request: POST on <c>serviceaccounts/{name}/token</c>, which is <c>kubectl create token</c>.</summary>
internal sealed class TokenRequests(Cluster cluster, Authenticator authenticator)
{
    private const long Shortest = 600;
    private const long Longest = 1L << 32;
    private const long Usual = 3600;

    private static readonly ApiResource Kind = new() { Group = "authentication.k8s.io", Version = "v1", Plural = "tokenrequests", Kind = "TokenRequest" };

    /// <summary>Answers one request. Call inside the simulation.</summary>
    /// <param name="account">The service account.</param>
    /// <param name="request">The TokenRequest.</param>
    /// <exception cref="ApiStatusException">It asks for something that cannot be.</exception>
    public JsonObject Answer(StoredObject account, JsonObject request)
    {
        var seconds = request.Number("spec", "expirationSeconds") ?? Usual;
        var bound = Bound(account, request.At("spec", "boundObjectRef") as JsonObject);
        if (Error(seconds) is { } error)
            throw ApiStatusException.Invalid(Kind, "", [new("spec.expirationSeconds", "FieldValueInvalid", $"Invalid value: {seconds}: {error}")]);

        var token = authenticator.AddServiceAccountToken(account, TimeSpan.FromSeconds(seconds), bound);
        return new()
        {
            ["kind"] = Kind.Kind,
            ["apiVersion"] = Kind.ApiVersion,
            ["metadata"] = new JsonObject { ["name"] = account.Name, ["namespace"] = account.Namespace, ["creationTimestamp"] = JsonAccess.Timestamp(cluster.Now) },
            ["spec"] = new JsonObject
            {
                ["audiences"] = request.At("spec", "audiences") is JsonArray { Count: > 0 } audiences ? audiences.DeepClone() : new JsonArray("https://kubernetes.default.svc.cluster.local"),
                ["expirationSeconds"] = seconds,
                ["boundObjectRef"] = request.At("spec", "boundObjectRef")?.DeepClone(),
            },
            ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = JsonAccess.Timestamp(cluster.Now.AddSeconds(seconds)) },
        };
    }

    private static string? Error(long seconds) => seconds switch
    {
        < Shortest => "may not specify a duration less than 10 minutes",
        > Longest => "may not specify a duration larger than 2^32 seconds",
        _ => null,
    };

    private StoredObject? Bound(StoredObject account, JsonObject? reference)
    {
        if (reference is null) return null;
        var (apiVersion, kind, name) = (reference.Text("apiVersion") ?? "", reference.Text("kind") ?? "", reference.Text("name") ?? "");
        var resource = ApiResources.OfKind(apiVersion, kind);
        if (resource != ApiResources.Pods && resource != ApiResources.Secrets)
            throw ApiStatusException.BadRequest($"cannot bind token to object of type {(apiVersion.Contains('/') ? apiVersion : $"/{apiVersion}")}, Kind={kind}");
        var bound = cluster.Store.Find(resource!, account.Namespace, name) ?? throw ApiStatusException.NotFound(resource!, name);
        if (resource == ApiResources.Pods && bound.ToJson().Text("spec", "serviceAccountName") is var user && user != account.Name)
            throw ApiStatusException.BadRequest($"cannot bind token for serviceaccount \"{account.Name}\" to pod running with different serviceaccount name.");
        if (reference.Text("uid") is { Length: > 0 } uid && uid != bound.Uid)
        {
            throw ApiStatusException.Conflict(resource!, name,
                $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        }
        return bound;
    }
}
