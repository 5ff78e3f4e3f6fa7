namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of core/v1 Namespace.</summary>
internal static class NamespaceProtobuf
{
    public static Namespace Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        NamespaceStatus? status = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: metadata = MetadataProtobuf.Read(reader.Message()); break;
                case 3: status = ReadStatus(reader.Message()); break;
            }
        }
        return new() { Metadata = metadata ?? new(), Status = status ?? new() };
    }

    private static NamespaceStatus ReadStatus(ProtobufReader reader)
    {
        var phase = "";
        while (reader.Next())
        {
            if (reader.Field == 1) phase = reader.Repeated();
        }
        return new() { Phase = phase };
    }
}
