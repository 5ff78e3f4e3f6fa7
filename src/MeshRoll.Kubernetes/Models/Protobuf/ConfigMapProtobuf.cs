namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of core/v1 ConfigMap.</summary>
internal static class ConfigMapProtobuf
{
    public static ConfigMap Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        MapField data = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: metadata = MetadataProtobuf.Read(reader.Message()); break;
                case 2: data.Add(ref reader, valuesRepeat: false); break;
            }
        }
        return new() { Metadata = metadata ?? new(), Data = data.ToMap() };
    }
}
