namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of apps/v1 Deployment.</summary>
internal static class DeploymentProtobuf
{
    public static Deployment Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        DeploymentSpec? spec = null;
        DeploymentStatus? status = null;
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

    private static DeploymentSpec ReadSpec(ProtobufReader reader)
    {
        int? replicas = null, deadline = null;
        var minReady = 0;
        var paused = false;
        LabelSelector? selector = null;
        PodTemplate? template = null;
        DeploymentStrategy? strategy = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: replicas = reader.Int32(); break;
                case 2: selector = MetadataProtobuf.ReadSelector(reader.Message()); break;
                case 3: template = PodProtobuf.ReadTemplate(reader.Message()); break;
                case 4: strategy = ReadStrategy(reader.Message()); break;
                case 5: minReady = reader.Int32(); break;
                case 7: paused = reader.Bool(); break;
                case 9: deadline = reader.Int32(); break;
            }
        }
        return new()
        {
            Replicas = replicas,
            Selector = selector ?? new(),
            Template = template ?? new(),
            Strategy = strategy ?? new(),
            MinReadySeconds = minReady,
            Paused = paused,
            ProgressDeadlineSeconds = deadline,
        };
    }

    private static DeploymentStrategy ReadStrategy(ProtobufReader reader)
    {
        var type = "";
        RollingUpdate? rollingUpdate = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: type = reader.Repeated(); break;
                case 2: rollingUpdate = RollingUpdateProtobuf.Read(reader.Message()); break;
            }
        }
        return new() { Type = type, RollingUpdate = rollingUpdate };
    }

    private static DeploymentStatus ReadStatus(ProtobufReader reader)
    {
        long observed = 0;
        int replicas = 0, updated = 0, available = 0, unavailable = 0, ready = 0;
        RepeatedField<Condition> conditions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: observed = reader.Int64(); break;
                case 2: replicas = reader.Int32(); break;
                case 3: updated = reader.Int32(); break;
                case 4: available = reader.Int32(); break;
                case 5: unavailable = reader.Int32(); break;
                case 6: conditions.Add(ConditionProtobuf.ReadOfDeployment(reader.Message())); break;
                case 7: ready = reader.Int32(); break;
            }
        }
        return new()
        {
            ObservedGeneration = observed,
            Replicas = replicas,
            UpdatedReplicas = updated,
            ReadyReplicas = ready,
            AvailableReplicas = available,
            UnavailableReplicas = unavailable,
            Conditions = conditions.ToList(),
        };
    }
}
