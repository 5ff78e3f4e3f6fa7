namespace MeshRoll.Sandbox.Api;

/// <summary>GET on an object.</summary>
internal sealed class GetObject(Cluster cluster, Answers answers)
{
    public Task AnswerAsync(ApiCall call)
    {
        var asked = call.Request.QueryValue("resourceVersion") is { Length: > 0 } text ? ListOptions.Version(text, "GetOptions") : 0;
        var stored = cluster.Simulation.Enter(() =>
        {
            if (asked > cluster.Store.Version) throw ApiErrors.TooLargeVersion(asked, cluster.Store.Version);
            return call.Find(cluster);
        });
        return answers.ObjectAsync(call, 200, stored);
    }
}
