namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of the conditions of pods and workloads: they agree on type and status and differ in the rest.</summary>
internal static class ConditionProtobuf
{
    /// <summary>core/v1 PodCondition.</summary>
    public static Condition ReadOfPod(ProtobufReader reader) => Read(reader, transition: 4, reason: 5, message: 6, update: -1);

    /// <summary>apps/v1 DeploymentCondition.</summary>
    public static Condition ReadOfDeployment(ProtobufReader reader) => Read(reader, transition: 7, reason: 4, message: 5, update: 6);

    /// <summary>apps/v1 ReplicaSetCondition and StatefulSetCondition.</summary>
    public static Condition ReadOfSet(ProtobufReader reader) => Read(reader, transition: 3, reason: 4, message: 5, update: -1);

    private static Condition Read(ProtobufReader reader, int transition, int reason, int message, int update)
    {
        string type = "", status = "", reasonText = "", messageText = "";
        DateTimeOffset? transitioned = null, updated = null;
        while (reader.Next())
        {
            var field = reader.Field;
            if (field == 1) type = reader.Repeated();
            else if (field == 2) status = reader.Repeated();
            else if (field == transition) transitioned = reader.Time();
            else if (field == reason) reasonText = reader.Repeated();
            else if (field == message) messageText = reader.Repeated();
            else if (field == update) updated = reader.Time();
        }
        return new()
        {
            Type = type,
            Status = status,
            Reason = reasonText,
            Message = messageText,
            LastTransitionTime = transitioned,
            LastUpdateTime = updated,
        };
    }
}
