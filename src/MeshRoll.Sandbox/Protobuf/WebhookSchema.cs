using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of admissionregistration.k8s.io/v1.</summary>
internal static class WebhookSchema
{
    // JSON has the fields of the rule beside its operations.
    private static readonly ProtobufMessage Rule = new()
    {
        { "operations", 1 }, { 2, new ProtobufMessage { { "apiGroups", 1 }, { "apiVersions", 2 }, { "resources", 3 }, { "scope", 4 } } },
    };

    public static ProtobufMessage MutatingWebhookConfiguration { get; } = new()
    {
        { "metadata", 1, MetadataSchema.ObjectMeta },
        {
            "webhooks", 2, new ProtobufMessage
            {
                { "name", 1 },
                {
                    "clientConfig", 2, new ProtobufMessage
                    {
                        { "service", 1, new ProtobufMessage { { "namespace", 1 }, { "name", 2 }, { "path", 3 }, { "port", 4, Number } } }, { "caBundle", 2, Bytes }, { "url", 3 },
                    }
                },
                { "rules", 3, Rule },
                { "failurePolicy", 4 },
                { "namespaceSelector", 5, MetadataSchema.LabelSelector },
                { "sideEffects", 6 },
                { "timeoutSeconds", 7, Number },
                { "admissionReviewVersions", 8 },
                { "matchPolicy", 9 },
                { "reinvocationPolicy", 10 },
                { "objectSelector", 11, MetadataSchema.LabelSelector },
                { "matchConditions", 12, new ProtobufMessage { { "name", 1 }, { "expression", 2 } } },
            }
        },
    };
}
