using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Models.Protobuf;

namespace MeshRoll.Kubernetes.Api;

/// <summary>The kinds MeshRoll reads.</summary>
public static class Resources
{
    /// <summary>core/v1 pods.</summary>
    public static Resource<Pod> Pods { get; } = new() { Group = "", Version = "v1", Plural = "pods", Kind = "Pod", Protobuf = PodProtobuf.Read };

    /// <summary>core/v1 namespaces.</summary>
    public static Resource<Namespace> Namespaces { get; } = new() { Group = "", Version = "v1", Plural = "namespaces", Kind = "Namespace", Namespaced = false, Protobuf = NamespaceProtobuf.Read };

    /// <summary>core/v1 nodes.</summary>
    public static Resource<Node> Nodes { get; } = new() { Group = "", Version = "v1", Plural = "nodes", Kind = "Node", Namespaced = false, Protobuf = NodeProtobuf.Read };

    /// <summary>core/v1 configmaps.</summary>
    public static Resource<ConfigMap> ConfigMaps { get; } = new() { Group = "", Version = "v1", Plural = "configmaps", Kind = "ConfigMap", Protobuf = ConfigMapProtobuf.Read };

    /// <summary>core/v1 services.</summary>
    public static Resource<Service> Services { get; } = new() { Group = "", Version = "v1", Plural = "services", Kind = "Service" };

    /// <summary>core/v1 endpoints.</summary>
    public static Resource<Endpoints> Endpoints { get; } = new() { Group = "", Version = "v1", Plural = "endpoints", Kind = "Endpoints" };

    /// <summary>core/v1 events.</summary>
    public static Resource<Event> Events { get; } = new() { Group = "", Version = "v1", Plural = "events", Kind = "Event", Protobuf = EventProtobuf.Read };

    /// <summary>apps/v1 deployments.</summary>
    public static Resource<Deployment> Deployments { get; } = new() { Group = "apps", Version = "v1", Plural = "deployments", Kind = "Deployment", Protobuf = DeploymentProtobuf.Read };

    /// <summary>apps/v1 replicasets.</summary>
    public static Resource<ReplicaSet> ReplicaSets { get; } = new() { Group = "apps", Version = "v1", Plural = "replicasets", Kind = "ReplicaSet", Protobuf = ReplicaSetProtobuf.Read };

    /// <summary>apps/v1 statefulsets.</summary>
    public static Resource<StatefulSet> StatefulSets { get; } = new() { Group = "apps", Version = "v1", Plural = "statefulsets", Kind = "StatefulSet", Protobuf = StatefulSetProtobuf.Read };

    /// <summary>apps/v1 daemonsets.</summary>
    public static Resource<DaemonSet> DaemonSets { get; } = new() { Group = "apps", Version = "v1", Plural = "daemonsets", Kind = "DaemonSet", Protobuf = DaemonSetProtobuf.Read };

    /// <summary>apps/v1 controllerrevisions: JSON, because what they hold is JSON.</summary>
    public static Resource<ControllerRevision> ControllerRevisions { get; } = new() { Group = "apps", Version = "v1", Plural = "controllerrevisions", Kind = "ControllerRevision" };

    /// <summary>argoproj.io/v1alpha1 rollouts, where installed.</summary>
    public static Resource<ArgoRollout> ArgoRollouts { get; } = new() { Group = "argoproj.io", Version = "v1alpha1", Plural = "rollouts", Kind = "Rollout" };

    /// <summary>autoscaling/v1 horizontalpodautoscalers: the version that every server serves, whatever version they were written in.</summary>
    public static Resource<HorizontalPodAutoscaler> HorizontalPodAutoscalers { get; } = new() { Group = "autoscaling", Version = "v1", Plural = "horizontalpodautoscalers", Kind = "HorizontalPodAutoscaler" };

    /// <summary>coordination.k8s.io/v1 leases.</summary>
    public static Resource<Lease> Leases { get; } = new() { Group = "coordination.k8s.io", Version = "v1", Plural = "leases", Kind = "Lease" };

    /// <summary>admissionregistration.k8s.io/v1 mutatingwebhookconfigurations.</summary>
    public static Resource<MutatingWebhookConfiguration> MutatingWebhookConfigurations { get; } = new()
    {
        Group = "admissionregistration.k8s.io",
        Version = "v1",
        Plural = "mutatingwebhookconfigurations",
        Kind = "MutatingWebhookConfiguration",
        Namespaced = false,
        Protobuf = MutatingWebhookConfigurationProtobuf.Read,
    };

    /// <summary>admissionregistration.k8s.io/v1 validatingwebhookconfigurations, whole: Istio's concern its own kinds and are hardly looked into.</summary>
    public static Resource<RawObject> ValidatingWebhookConfigurations { get; } = new()
    {
        Group = "admissionregistration.k8s.io",
        Version = "v1",
        Plural = "validatingwebhookconfigurations",
        Kind = "ValidatingWebhookConfiguration",
        Namespaced = false,
    };
}
