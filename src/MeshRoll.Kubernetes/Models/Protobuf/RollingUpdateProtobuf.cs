namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of apps/v1 RollingUpdateDeployment and RollingUpdateDaemonSet, which agree, and of IntOrString.</summary>
internal static class RollingUpdateProtobuf
{
    public static RollingUpdate Read(ProtobufReader reader)
    {
        IntOrPercent? unavailable = null, surge = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: unavailable = ReadIntOrPercent(reader.Message()); break;
                case 2: surge = ReadIntOrPercent(reader.Message()); break;
            }
        }
        return new() { MaxUnavailable = unavailable, MaxSurge = surge };
    }

    private static IntOrPercent ReadIntOrPercent(ProtobufReader reader)
    {
        long type = 0;
        var number = 0;
        var text = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: type = reader.Int64(); break;
                case 2: number = reader.Int32(); break;
                case 3: text = reader.Repeated(); break;
            }
        }
        if (type == 0) return new(number, IsPercent: false);
        return IntOrPercent.Parse(text) ?? throw new InvalidDataException($"\"{text}\" is neither a count nor a share.");
    }
}
