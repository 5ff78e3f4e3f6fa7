namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of admissionregistration.k8s.io/v1 MutatingWebhookConfiguration.</summary>
internal static class MutatingWebhookConfigurationProtobuf
{
    public static MutatingWebhookConfiguration Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        RepeatedField<MutatingWebhook> webhooks = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: metadata = MetadataProtobuf.Read(reader.Message()); break;
                case 2: webhooks.Add(ReadWebhook(reader.Message())); break;
            }
        }
        return new() { Metadata = metadata ?? new(), Webhooks = webhooks.ToList() };
    }

    private static MutatingWebhook ReadWebhook(ProtobufReader reader)
    {
        string name = "", failurePolicy = "";
        WebhookClientConfig? client = null;
        LabelSelector? namespaces = null, objects = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 2: client = ReadClient(reader.Message()); break;
                case 4: failurePolicy = reader.Repeated(); break;
                case 5: namespaces = MetadataProtobuf.ReadSelector(reader.Message()); break;
                case 11: objects = MetadataProtobuf.ReadSelector(reader.Message()); break;
            }
        }
        return new()
        {
            Name = name,
            ClientConfig = client ?? new(),
            NamespaceSelector = namespaces,
            ObjectSelector = objects,
            FailurePolicy = failurePolicy,
        };
    }

    private static WebhookClientConfig ReadClient(ProtobufReader reader)
    {
        string? url = null;
        WebhookService? service = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: service = ReadService(reader.Message()); break;
                case 3: url = reader.Text(); break;
            }
        }
        return new() { Url = url, Service = service };
    }

    private static WebhookService ReadService(ProtobufReader reader)
    {
        string @namespace = "", name = "", path = "";
        int? port = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: @namespace = reader.Repeated(); break;
                case 2: name = reader.Repeated(); break;
                case 3: path = reader.Text(); break;
                case 4: port = reader.Int32(); break;
            }
        }
        return new() { Namespace = @namespace, Name = name, Path = path, Port = port };
    }
}
