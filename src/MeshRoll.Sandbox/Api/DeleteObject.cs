using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Api;

/// <summary>DELETE on an object. What stays for now is answered as it is; what is gone with a Status.</summary>
internal sealed class DeleteObject(Cluster cluster, Answers answers)
{
    // Kinds whose last state is the answer (ReturnDeletedObject in the real registry).
    private static readonly HashSet<ApiResource> AnsweredWithObject = [ApiResources.Pods, ApiResources.Services, ApiResources.ServiceAccounts, ApiResources.ResourceQuotas];

    public Task AnswerAsync(ApiCall call)
    {
        var options = RequestOptions.Delete(call.Request);
        var (stored, gone) = cluster.Simulation.Enter(() => cluster.Delete(call.Find(cluster), options));
        return gone && !AnsweredWithObject.Contains(call.Resource)
            ? Answers.DocumentAsync(call, 200, StatusDocument.Gone(stored))
            : answers.ObjectAsync(call, 200, stored);
    }
}
