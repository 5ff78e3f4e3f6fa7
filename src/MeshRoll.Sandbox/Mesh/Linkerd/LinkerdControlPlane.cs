using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Mesh.Linkerd;

/// <summary>How Linkerd was installed.</summary>
internal sealed record LinkerdOptions
{
    /// <summary>Where Linkerd lives unless told otherwise.</summary>
    public const string UsualNamespace = "linkerd";

    /// <summary>The version of its proxies and of itself, such as <c>stable-2.14.10</c> or <c>edge-25.4.1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Where the images come from.</summary>
    public string Hub { get; init; } = "cr.l5d.io/linkerd";

    /// <summary>The namespace it lives in.</summary>
    public string Namespace { get; init; } = UsualNamespace;

    /// <summary>How many pods its injector has.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Whether proxies are init containers that stay (proxy.nativeSidecar).</summary>
    public bool NativeSidecars { get; init; }
}

/// <summary>Installs Linkerd: of its control plane the injector with its webhook, and the ConfigMap that keeps the values of the installation.</summary>
internal sealed class LinkerdControlPlane(Cluster cluster)
{
    /// <summary>The ConfigMap with the values.</summary>
    public const string ConfigName = "linkerd-config";

    /// <summary>Deployment and Service of the injector.</summary>
    public const string InjectorName = "linkerd-proxy-injector";

    /// <summary>Installs it, or brings what is there to these options in place.</summary>
    public void Install(LinkerdOptions linkerd)
    {
        var labels = new JsonObject { ["linkerd.io/control-plane-component"] = "proxy-injector", ["linkerd.io/control-plane-ns"] = linkerd.Namespace };
        var known = cluster.Store.Find(ApiResources.MutatingWebhookConfigurations, "", InjectorName + "-webhook-config");
        cluster.Put(ApiResources.ServiceAccounts, linkerd.Namespace, new() { ["metadata"] = new JsonObject { ["name"] = InjectorName, ["labels"] = labels.DeepClone() } });
        cluster.Put(ApiResources.ConfigMaps, linkerd.Namespace, new()
        {
            ["metadata"] = new JsonObject { ["name"] = ConfigName, ["labels"] = new JsonObject { ["linkerd.io/control-plane-component"] = "controller", ["linkerd.io/control-plane-ns"] = linkerd.Namespace } },
            ["data"] = new JsonObject { ["values"] = Values(linkerd) },
        });
        cluster.Put(ApiResources.Services, linkerd.Namespace, ControlPlaneParts.Service(InjectorName, labels, 8443));
        cluster.Put(ApiResources.Deployments, linkerd.Namespace, ControlPlaneParts.Deployment(
            InjectorName,
            labels,
            linkerd.Replicas,
            ControlPlaneParts.Container("proxy-injector", $"{linkerd.Hub}/controller:{linkerd.Version}", ["proxy-injector", "-log-level=info", "-log-format=plain"], 9995, "/ready")));
        if (known is null) cluster.Put(ApiResources.MutatingWebhookConfigurations, "", Webhook(linkerd, labels));
    }

    private JsonObject Webhook(LinkerdOptions linkerd, JsonObject labels) => ControlPlaneParts.Webhook(
        InjectorName + "-webhook-config",
        "linkerd-proxy-injector.linkerd.io",
        labels,
        (linkerd.Namespace, InjectorName, "/"),
        "Ignore",
        MeshAuthority.New(cluster.Simulation.Random, cluster.Now),
        [
            ControlPlaneParts.Requirement("config.linkerd.io/admission-webhooks", "NotIn", "disabled"),
            ControlPlaneParts.Requirement("kubernetes.io/metadata.name", "NotIn", "kube-system", "cert-manager"),
        ],
        [ControlPlaneParts.Requirement("linkerd.io/control-plane-component", "DoesNotExist"), ControlPlaneParts.Requirement("linkerd.io/cni-resource", "DoesNotExist")]);

    private static string Values(LinkerdOptions linkerd) => string.Join('\n',
        "clusterDomain: cluster.local",
        "controllerImage: " + linkerd.Hub + "/controller",
        "linkerdVersion: " + linkerd.Version,
        "proxy:",
        "  image:",
        "    name: " + linkerd.Hub + "/proxy",
        "    pullPolicy: \"\"",
        "    version: \"\"",
        "  nativeSidecar: " + (linkerd.NativeSidecars ? "true" : "false"),
        "proxyInit:",
        "  image:",
        "    name: " + linkerd.Hub + "/proxy-init",
        "    version: v2.4.1",
        "");
}
