using System.Text.Json.Serialization;

namespace MeshRoll.Kubernetes.Models.Json;

/// <summary>Reads the models from JSON, by code made at build time: no reflection on the way to the first answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(IntOrPercentConverter), typeof(StringMapConverter)])]
[JsonSerializable(typeof(ArgoRollout))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(ControllerRevision))]
[JsonSerializable(typeof(DaemonSet))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(Endpoints))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(HorizontalPodAutoscaler))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(MutatingWebhookConfiguration))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(PartialObject))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(RawObject))]
[JsonSerializable(typeof(ReplicaSet))]
[JsonSerializable(typeof(Scale))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(StatefulSet))]
internal sealed partial class ModelJson : JsonSerializerContext;
