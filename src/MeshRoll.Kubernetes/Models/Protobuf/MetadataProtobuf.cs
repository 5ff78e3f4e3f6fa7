namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Reads an object of type <typeparamref name="T"/> out of its protobuf message.</summary>
internal delegate T ProtobufRead<out T>(ref ProtobufReader reader);

/// <summary>Field numbers of meta/v1 ObjectMeta, OwnerReference and LabelSelector.</summary>
internal static class MetadataProtobuf
{
    public static PartialObject ReadPartial(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        while (reader.Next())
        {
            if (reader.Field == 1) metadata = Read(reader.Message());
        }
        return new() { Metadata = metadata ?? new() };
    }

    public static ObjectMeta Read(ProtobufReader reader)
    {
        string name = "", @namespace = "", uid = "", resourceVersion = "";
        long generation = 0;
        DateTimeOffset? created = null, deleted = null;
        MapField labels = default, annotations = default;
        RepeatedField<OwnerReference> owners = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 3: @namespace = reader.Repeated(); break;
                case 5: uid = reader.Text(); break;
                case 6: resourceVersion = reader.Text(); break;
                case 7: generation = reader.Int64(); break;
                case 8: created = reader.Time(); break;
                case 9: deleted = reader.Time(); break;
                case 11: labels.Add(ref reader); break;
                case 12: annotations.Add(ref reader); break;
                case 13: owners.Add(ReadOwner(reader.Message())); break;
            }
        }
        return new()
        {
            Name = name,
            Namespace = @namespace,
            Uid = uid,
            ResourceVersion = resourceVersion,
            Generation = generation,
            CreationTimestamp = created,
            DeletionTimestamp = deleted,
            Labels = labels.ToMap(),
            Annotations = annotations.ToMap(),
            OwnerReferences = owners.ToList(),
        };
    }

    public static LabelSelector ReadSelector(ProtobufReader reader)
    {
        MapField labels = default;
        RepeatedField<LabelRequirement> expressions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: labels.Add(ref reader); break;
                case 2: expressions.Add(ReadRequirement(reader.Message())); break;
            }
        }
        return new() { MatchLabels = labels.ToMap(), MatchExpressions = expressions.ToList() };
    }

    private static OwnerReference ReadOwner(ProtobufReader reader)
    {
        string apiVersion = "", kind = "", name = "", uid = "";
        bool? controller = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: kind = reader.Repeated(); break;
                case 3: name = reader.Repeated(); break;
                case 4: uid = reader.Repeated(); break;
                case 5: apiVersion = reader.Repeated(); break;
                case 6: controller = reader.Bool(); break;
            }
        }
        return new() { ApiVersion = apiVersion, Kind = kind, Name = name, Uid = uid, Controller = controller };
    }

    private static LabelRequirement ReadRequirement(ProtobufReader reader)
    {
        string key = "", @operator = "";
        RepeatedField<string> values = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: key = reader.Repeated(); break;
                case 2: @operator = reader.Repeated(); break;
                case 3: values.Add(reader.Repeated()); break;
            }
        }
        return new() { Key = key, Operator = @operator, Values = values.ToList() };
    }
}
