using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Controllers.StatefulSets;

/// <summary>The status of a StatefulSet.</summary>
internal sealed record StatefulSetStatus
{
    /// <summary>The generation that was looked at.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>Pods there are, those that are about to end among them.</summary>
    public int Replicas { get; init; }

    /// <summary>Pods that are ready.</summary>
    public int Ready { get; init; }

    /// <summary>Pods that have been ready for long enough.</summary>
    public int Available { get; init; }

    /// <summary>Pods of the current revision.</summary>
    public int Current { get; init; }

    /// <summary>Pods of the update revision.</summary>
    public int Updated { get; init; }

    /// <summary>The revision that was last rolled out completely.</summary>
    public string CurrentRevision { get; init; } = "";

    /// <summary>The revision of the present template.</summary>
    public string UpdateRevision { get; init; } = "";

    public static StatefulSetStatus Read(JsonElement status) => new()
    {
        ObservedGeneration = status.Number("observedGeneration") ?? 0,
        Replicas = (int)(status.Number("replicas") ?? 0),
        Ready = (int)(status.Number("readyReplicas") ?? 0),
        Available = (int)(status.Number("availableReplicas") ?? 0),
        Current = (int)(status.Number("currentReplicas") ?? 0),
        Updated = (int)(status.Number("updatedReplicas") ?? 0),
        CurrentRevision = status.Text("currentRevision"),
        UpdateRevision = status.Text("updateRevision"),
    };

    /// <summary>As the API has it: zeros are left out where it does.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        json.SetUnlessZero("observedGeneration", ObservedGeneration);
        json["replicas"] = Replicas;
        json.SetUnlessZero("readyReplicas", Ready);
        json.SetUnlessZero("currentReplicas", Current);
        json.SetUnlessZero("updatedReplicas", Updated);
        json.SetUnlessEmpty("currentRevision", CurrentRevision);
        json.SetUnlessEmpty("updateRevision", UpdateRevision);
        json["collisionCount"] = 0;
        json["availableReplicas"] = Available;
        return json;
    }
}
