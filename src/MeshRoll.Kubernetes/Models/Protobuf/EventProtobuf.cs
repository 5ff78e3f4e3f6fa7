namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of core/v1 Event and ObjectReference.</summary>
internal static class EventProtobuf
{
    public static Event Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        ObjectReference? involved = null;
        string reason = "", message = "", type = "";
        var count = 0;
        DateTimeOffset? first = null, last = null, time = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: metadata = MetadataProtobuf.Read(reader.Message()); break;
                case 2: involved = ReadReference(reader.Message()); break;
                case 3: reason = reader.Repeated(); break;
                case 4: message = reader.Text(); break;
                case 6: first = reader.Time(); break;
                case 7: last = reader.Time(); break;
                case 8: count = reader.Int32(); break;
                case 9: type = reader.Repeated(); break;
                case 10: time = reader.Time(); break;
            }
        }
        return new()
        {
            Metadata = metadata ?? new(),
            InvolvedObject = involved ?? new(),
            Reason = reason,
            Message = message,
            Type = type,
            Count = count,
            FirstTimestamp = first,
            LastTimestamp = last,
            EventTime = time,
        };
    }

    private static ObjectReference ReadReference(ProtobufReader reader)
    {
        string kind = "", @namespace = "", name = "", uid = "", fieldPath = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: kind = reader.Repeated(); break;
                case 2: @namespace = reader.Repeated(); break;
                case 3: name = reader.Repeated(); break;
                case 4: uid = reader.Repeated(); break;
                case 7: fieldPath = reader.Repeated(); break;
            }
        }
        return new() { Kind = kind, Namespace = @namespace, Name = name, Uid = uid, FieldPath = fieldPath };
    }
}
