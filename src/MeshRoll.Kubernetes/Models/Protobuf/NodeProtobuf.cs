namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of core/v1 Node.</summary>
internal static class NodeProtobuf
{
    public static Node Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        NodeSpec? spec = null;
        NodeStatus? status = null;
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

    private static NodeSpec ReadSpec(ProtobufReader reader)
    {
        var unschedulable = false;
        while (reader.Next())
        {
            if (reader.Field == 4) unschedulable = reader.Bool();
        }
        return new() { Unschedulable = unschedulable };
    }

    private static NodeStatus ReadStatus(ProtobufReader reader)
    {
        RepeatedField<Condition> conditions = default;
        while (reader.Next())
        {
            // NodeCondition: what it has beyond a pod's condition, the last heartbeat, is of no use here.
            if (reader.Field == 4) conditions.Add(ConditionProtobuf.ReadOfPod(reader.Message()));
        }
        return new() { Conditions = conditions.ToList() };
    }
}
