namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of apps/v1 StatefulSet.</summary>
internal static class StatefulSetProtobuf
{
    public static StatefulSet Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        StatefulSetSpec? spec = null;
        StatefulSetStatus? status = null;
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

    private static StatefulSetSpec ReadSpec(ProtobufReader reader)
    {
        int? replicas = null;
        var minReady = 0;
        var podManagement = "";
        LabelSelector? selector = null;
        PodTemplate? template = null;
        StatefulSetUpdateStrategy? strategy = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: replicas = reader.Int32(); break;
                case 2: selector = MetadataProtobuf.ReadSelector(reader.Message()); break;
                case 3: template = PodProtobuf.ReadTemplate(reader.Message()); break;
                case 6: podManagement = reader.Repeated(); break;
                case 7: strategy = ReadStrategy(reader.Message()); break;
                case 9: minReady = reader.Int32(); break;
            }
        }
        return new()
        {
            Replicas = replicas,
            Selector = selector ?? new(),
            Template = template ?? new(),
            PodManagementPolicy = podManagement,
            UpdateStrategy = strategy ?? new(),
            MinReadySeconds = minReady,
        };
    }

    private static StatefulSetUpdateStrategy ReadStrategy(ProtobufReader reader)
    {
        var type = "";
        StatefulSetRollingUpdate? rollingUpdate = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: type = reader.Repeated(); break;
                case 2: rollingUpdate = ReadRollingUpdate(reader.Message()); break;
            }
        }
        return new() { Type = type, RollingUpdate = rollingUpdate };
    }

    private static StatefulSetRollingUpdate ReadRollingUpdate(ProtobufReader reader)
    {
        int? partition = null;
        while (reader.Next())
        {
            if (reader.Field == 1) partition = reader.Int32();
        }
        return new() { Partition = partition };
    }

    private static StatefulSetStatus ReadStatus(ProtobufReader reader)
    {
        long observed = 0;
        int replicas = 0, ready = 0, current = 0, updated = 0, available = 0;
        string currentRevision = "", updateRevision = "";
        RepeatedField<Condition> conditions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: observed = reader.Int64(); break;
                case 2: replicas = reader.Int32(); break;
                case 3: ready = reader.Int32(); break;
                case 4: current = reader.Int32(); break;
                case 5: updated = reader.Int32(); break;
                case 6: currentRevision = reader.Text(); break;
                case 7: updateRevision = reader.Text(); break;
                case 10: conditions.Add(ConditionProtobuf.ReadOfSet(reader.Message())); break;
                case 11: available = reader.Int32(); break;
            }
        }
        return new()
        {
            ObservedGeneration = observed,
            Replicas = replicas,
            ReadyReplicas = ready,
            CurrentReplicas = current,
            UpdatedReplicas = updated,
            AvailableReplicas = available,
            CurrentRevision = currentRevision,
            UpdateRevision = updateRevision,
            Conditions = conditions.ToList(),
        };
    }
}
