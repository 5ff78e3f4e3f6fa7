using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh.Consul;

/// <summary>How Consul was installed.</summary>
internal sealed record ConsulOptions
{
    /// <summary>Where Consul lives unless told otherwise.</summary>
    public const string UsualNamespace = "consul";

    /// <summary>The version of the dataplane, such as <c>1.4.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Where the images come from.</summary>
    public string Hub { get; init; } = "hashicorp";

    /// <summary>The namespace it lives in.</summary>
    public string Namespace { get; init; } = UsualNamespace;

    /// <summary>How many pods its injector has.</summary>
    public int Replicas { get; init; } = 1;
}

/// <summary>
/// Installs Consul: of its control plane the injector with its webhook, as with connectInject.default=true and a namespaceSelector on the label
/// <c>consul.hashicorp.com/connect-inject</c>, so that it injects into the namespaces that ask for it.
/// </summary>
internal sealed class ConsulControlPlane(Cluster cluster)
{
    /// <summary>Deployment, Service and webhook configuration of the injector.</summary>
    public const string InjectorName = "consul-connect-injector";

    /// <summary>Installs it, or brings what is there to these options in place.</summary>
    public void Install(ConsulOptions consul)
    {
        var labels = new JsonObject { ["app"] = "consul", ["component"] = "connect-injector", ["release"] = "consul" };
        cluster.Put(ApiResources.ServiceAccounts, consul.Namespace, new() { ["metadata"] = new JsonObject { ["name"] = InjectorName, ["labels"] = labels.DeepClone() } });
        cluster.Put(ApiResources.Services, consul.Namespace, ControlPlaneParts.Service(InjectorName, labels, 8080));
        cluster.Put(ApiResources.Deployments, consul.Namespace, ControlPlaneParts.Deployment(InjectorName, labels, consul.Replicas, Injector(consul)));
        if (cluster.Store.Find(ApiResources.MutatingWebhookConfigurations, "", InjectorName) is not null) return;
        cluster.Put(ApiResources.MutatingWebhookConfigurations, "", ControlPlaneParts.Webhook(
            InjectorName,
            "consul-connect-injector.consul.hashicorp.com",
            labels,
            (consul.Namespace, InjectorName, "/mutate"),
            "Fail",
            MeshAuthority.New(cluster.Simulation.Random, cluster.Now),
            [ControlPlaneParts.Requirement("consul.hashicorp.com/connect-inject", "In", "true"), ControlPlaneParts.Requirement("kubernetes.io/metadata.name", "NotIn", "kube-system", "local-path-storage")],
            [ControlPlaneParts.Requirement("app", "NotIn", "consul")]));
    }

    // The chart runs the injector through a shell; its flags are the only place where the dataplane's image stands.
    private static JsonObject Injector(ConsulOptions consul)
    {
        var command = string.Join(" \\\n  ",
            "exec consul-k8s-control-plane inject-connect",
            "-log-level=info",
            "-default-inject=true",
            $"-consul-image=\"{consul.Hub}/consul:1.18.0\"",
            $"-consul-dataplane-image=\"{consul.Hub}/consul-dataplane:{consul.Version}\"",
            "-listen=:8080");
        var container = ControlPlaneParts.Container("sidecar-injector", $"{consul.Hub}/consul-k8s-control-plane:{consul.Version}", [], 9445, "/readyz/ready");
        container.Remove("args");
        container["command"] = new JsonArray("/bin/sh", "-ec", command);
        return container;
    }
}
