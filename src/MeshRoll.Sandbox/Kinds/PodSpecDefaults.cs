using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What a pod's spec leaves out, in pods and in templates (the defaults of core/v1).</summary>
internal static class PodSpecDefaults
{
    private const int FileMode = 420;

    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    /// <summary>Fills a template in: <c>spec.template</c> of a workload.</summary>
    public static void FillTemplate(JsonObject workload)
    {
        var template = workload.Object("spec", "template");
        template.Object("metadata");
        Fill(template.Object("spec"));
    }

    /// <summary>Fills a spec in.</summary>
    public static void Fill(JsonObject spec)
    {
        spec.Fill("restartPolicy", "Always");
        spec.Fill("terminationGracePeriodSeconds", 30);
        spec.Fill("dnsPolicy", "ClusterFirst");
        spec.Fill("schedulerName", "default-scheduler");
        if (spec["securityContext"] is null) spec["securityContext"] = new JsonObject();
        SameAccount(spec);
        var usesHostNetwork = spec.Flag("hostNetwork");
        foreach (var container in spec.Items("initContainers")) FillContainer(container, usesHostNetwork);
        foreach (var container in spec.Items("containers")) FillContainer(container, usesHostNetwork);
        foreach (var volume in spec.Items("volumes")) FillVolume(volume);
    }

    /// <summary>Always for images without a tag and for latest, else IfNotPresent.</summary>
    public static string PullPolicyOf(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return "IfNotPresent";
        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.LastIndexOf(':');
        return colon < 0 || name[(colon + 1)..] == "latest" ? "Always" : "IfNotPresent";
    }

    /// <summary>The old name of the field is still written beside the new one.</summary>
    internal static void SameAccount(JsonObject spec)
    {
        var account = spec.Text("serviceAccountName") ?? spec.Text("serviceAccount");
        if (string.IsNullOrEmpty(account)) return;
        if (spec.Text("serviceAccountName") != account) spec["serviceAccountName"] = account;
        if (spec.Text("serviceAccount") != account) spec["serviceAccount"] = account;
    }

    private static void FillContainer(JsonObject container, bool usesHostNetwork)
    {
        if (container["resources"] is null) container["resources"] = new JsonObject();
        container.Fill("terminationMessagePath", "/dev/termination-log");
        container.Fill("terminationMessagePolicy", "File");
        if (container["imagePullPolicy"] is null) container["imagePullPolicy"] = PullPolicyOf(container.Text("image") ?? "");
        foreach (var port in container.Items("ports"))
        {
            port.Fill("protocol", "TCP");
            if (usesHostNetwork && port["hostPort"] is null && port.Number("containerPort") is { } number) port["hostPort"] = number;
        }
        foreach (var probe in Probes)
        {
            if (container[probe] is JsonObject asked) FillProbe(asked);
        }
        foreach (var hook in (string[])["postStart", "preStop"])
        {
            if (container.At("lifecycle", hook, "httpGet") is JsonObject request) FillRequest(request);
        }
        foreach (var variable in container.Items("env"))
        {
            if (variable.At("valueFrom", "fieldRef") is JsonObject reference) reference.Fill("apiVersion", "v1");
        }
    }

    private static void FillProbe(JsonObject probe)
    {
        probe.Fill("timeoutSeconds", 1);
        probe.Fill("periodSeconds", 10);
        probe.Fill("successThreshold", 1);
        probe.Fill("failureThreshold", 3);
        if (probe["httpGet"] is JsonObject request) FillRequest(request);
        if (probe["grpc"] is JsonObject call) call.Fill("service", "");
    }

    private static void FillRequest(JsonObject request)
    {
        request.Fill("path", "/");
        request.Fill("scheme", "HTTP");
    }

    private static void FillVolume(JsonObject volume)
    {
        // A volume that says nothing but its name is an empty directory.
        if (volume.Count == 1 && volume["name"] is not null) volume["emptyDir"] = new JsonObject();
        foreach (var source in (string[])["secret", "configMap", "downwardAPI", "projected"])
        {
            if (volume[source] is JsonObject found) found.Fill("defaultMode", FileMode);
        }
        if (volume["hostPath"] is JsonObject path) path.Fill("type", "");
        foreach (var item in volume.Items("downwardAPI", "items")) FillField(item);
        foreach (var source in volume.Items("projected", "sources"))
        {
            if (source["serviceAccountToken"] is JsonObject token) token.Fill("expirationSeconds", 3600);
            foreach (var item in source.Items("downwardAPI", "items")) FillField(item);
        }
    }

    private static void FillField(JsonObject item)
    {
        if (item["fieldRef"] is JsonObject reference) reference.Fill("apiVersion", "v1");
    }
}
