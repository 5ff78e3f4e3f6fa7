namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of apps/v1 ReplicaSet.</summary>
internal static class ReplicaSetProtobuf
{
    public static ReplicaSet Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        ReplicaSetSpec? spec = null;
        ReplicaSetStatus? status = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: metadata = MetadataProtobuf.Read(reader.Message()); break;
                case 2: spec = ReadSpec(reader.Message()); break;
                case 3: status = ReadStatus(reader.Message()); break;
            }
        }
        return new() { Metadata = metadata ?? new(), Spec = spec ?? new(), Status = status ?? new() };
    }

    private static ReplicaSetSpec ReadSpec(ProtobufReader reader)
    {
        int? replicas = null;
        LabelSelector? selector = null;
        PodTemplate? template = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: replicas = reader.Int32(); break;
                case 2: selector = MetadataProtobuf.ReadSelector(reader.Message()); break;
                case 3: template = PodProtobuf.ReadTemplate(reader.Message()); break;
            }
        }
        return new() { Replicas = replicas, Selector = selector ?? new(), Template = template ?? new() };
    }

    private static ReplicaSetStatus ReadStatus(ProtobufReader reader)
    {
        long observed = 0;
        int replicas = 0, ready = 0, available = 0;
        RepeatedField<Condition> conditions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: replicas = reader.Int32(); break;
                case 3: observed = reader.Int64(); break;
                case 4: ready = reader.Int32(); break;
                case 5: available = reader.Int32(); break;
                case 6: conditions.Add(ConditionProtobuf.ReadOfSet(reader.Message())); break;
            }
        }
        return new()
        {
            ObservedGeneration = observed,
            Replicas = replicas,
            ReadyReplicas = ready,
            AvailableReplicas = available,
            Conditions = conditions.ToList(),
        };
    }
}
