namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of apps/v1 DaemonSet.</summary>
internal static class DaemonSetProtobuf
{
    public static DaemonSet Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        DaemonSetSpec? spec = null;
        DaemonSetStatus? status = null;
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

    private static DaemonSetSpec ReadSpec(ProtobufReader reader)
    {
        var minReady = 0;
        LabelSelector? selector = null;
        PodTemplate? template = null;
        DaemonSetUpdateStrategy? strategy = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: selector = MetadataProtobuf.ReadSelector(reader.Message()); break;
                case 2: template = PodProtobuf.ReadTemplate(reader.Message()); break;
                case 3: strategy = ReadStrategy(reader.Message()); break;
                case 4: minReady = reader.Int32(); break;
            }
        }
        return new() { Selector = selector ?? new(), Template = template ?? new(), UpdateStrategy = strategy ?? new(), MinReadySeconds = minReady };
    }

    private static DaemonSetUpdateStrategy ReadStrategy(ProtobufReader reader)
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

    private static DaemonSetStatus ReadStatus(ProtobufReader reader)
    {
        long observed = 0;
        int current = 0, desired = 0, ready = 0, updated = 0, available = 0, unavailable = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: current = reader.Int32(); break;
                case 3: desired = reader.Int32(); break;
                case 4: ready = reader.Int32(); break;
                case 5: observed = reader.Int64(); break;
                case 6: updated = reader.Int32(); break;
                case 7: available = reader.Int32(); break;
                case 8: unavailable = reader.Int32(); break;
            }
        }
        return new()
        {
            ObservedGeneration = observed,
            DesiredNumberScheduled = desired,
            CurrentNumberScheduled = current,
            UpdatedNumberScheduled = updated,
            NumberReady = ready,
            NumberAvailable = available,
            NumberUnavailable = unavailable,
        };
    }
}
