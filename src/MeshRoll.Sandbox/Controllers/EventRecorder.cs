using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;
using MeshRoll.Sandbox.Writing;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>
/// Writes events (core/v1) as the components of a cluster do: an event that repeats is counted instead of written again, and what is older than an
/// hour is forgotten.
/// </summary>
internal sealed class EventRecorder(Cluster cluster)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Uid, string Component, string Reason, string Message), string> _known = [];
    private readonly Queue<(DateTimeOffset Made, string Namespace, string Name)> _aging = new();

    /// <summary>Whether events are written; a world that has long been running begins without any.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Something ordinary happened.</summary>
    public void Normal(StoredObject about, string component, string reason, string message, string host = "", string fieldPath = "") =>
        Write(about, "Normal", component, reason, message, host, fieldPath);

    /// <summary>Something went wrong.</summary>
    public void Warning(StoredObject about, string component, string reason, string message, string host = "", string fieldPath = "") =>
        Write(about, "Warning", component, reason, message, host, fieldPath);

    private void Write(StoredObject about, string type, string component, string reason, string message, string host, string fieldPath)
    {
        if (!IsOn) return;
        DropOld();
        var @namespace = about.Namespace.Length == 0 ? "default" : about.Namespace;
        if (cluster.Store.Find(ApiResources.Namespaces, "", @namespace) is not { IsDeleting: false }) return;

        var now = JsonAccess.Timestamp(cluster.Now);
        var key = (about.Uid, component, reason, message);
        if (_known.TryGetValue(key, out var name) && cluster.Store.Find(ApiResources.Events, @namespace, name) is { } known)
        {
            cluster.Change(known, json =>
            {
                json["count"] = (json.Number("count") ?? 1) + 1;
                json["lastTimestamp"] = now;
            });
            return;
        }

        name = $"{about.Name}.{cluster.Simulation.Random.NextInt64(1L << 60):x16}";
        var source = new JsonObject { ["component"] = component };
        if (host.Length > 0) source["host"] = host;
        var involved = new JsonObject { ["kind"] = about.Resource.Kind };
        if (about.Namespace.Length > 0) involved["namespace"] = about.Namespace;
        involved["name"] = about.Name;
        involved["uid"] = about.Uid;
        involved["apiVersion"] = about.Resource.ApiVersion;
        involved["resourceVersion"] = about.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (fieldPath.Length > 0) involved["fieldPath"] = fieldPath;
        cluster.Create(ApiResources.Events, @namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["involvedObject"] = involved,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = source,
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
            ["type"] = type,
            ["eventTime"] = null,
            ["reportingComponent"] = "",
            ["reportingInstance"] = "",
        });
        _known[key] = name;
        _aging.Enqueue((cluster.Now, @namespace, name));
    }

    private void DropOld()
    {
        while (_aging.TryPeek(out var oldest) && oldest.Made + Kept < cluster.Now)
        {
            _aging.Dequeue();
            if (cluster.Store.Find(ApiResources.Events, oldest.Namespace, oldest.Name) is not { } stored) continue;
            if (stored.ToJson().Time("lastTimestamp") + Kept > cluster.Now) _aging.Enqueue((cluster.Now, oldest.Namespace, oldest.Name));
            else cluster.Delete(stored, new DeleteOptions { GracePeriodSeconds = 0 });
        }
        if (_known.Count > 50_000) _known.Clear();
    }
}
