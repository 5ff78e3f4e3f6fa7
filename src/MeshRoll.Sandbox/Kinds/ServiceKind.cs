using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>Services (core/v1). Their addresses are given out by <see cref="ServiceAddresses"/>.</summary>
internal static class ServiceKind
{
    private const string NameRule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character " +
        "(e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>Fills a Service in.</summary>
    public static void Default(JsonObject service)
    {
        var spec = service.Object("spec");
        spec.Fill("sessionAffinity", "None");
        spec.Fill("type", "ClusterIP");
        if (spec.Text("sessionAffinity") == "ClientIP") spec.Object("sessionAffinityConfig", "clientIP").Fill("timeoutSeconds", 10800);
        foreach (var port in spec.Items("ports"))
        {
            port.Fill("protocol", "TCP");
            if ((port["targetPort"] is null || port.Number("targetPort") == 0) && port["port"] is { } number) port["targetPort"] = number.DeepClone();
        }
        if (spec.Text("type") is "NodePort" or "LoadBalancer") spec.Fill("externalTrafficPolicy", "Cluster");
        if (spec.Text("type") == "LoadBalancer") spec.Fill("allocateLoadBalancerNodePorts", true);
        if (spec.Text("type") == "ExternalName") return;

        spec.Fill("internalTrafficPolicy", "Cluster");
        if (spec["ipFamilies"] is null) spec["ipFamilies"] = new JsonArray("IPv4");
        spec.Fill("ipFamilyPolicy", "SingleStack");
        service.Object("status", "loadBalancer");
    }

    /// <summary>What is wrong with a Service.</summary>
    public static IEnumerable<FieldError> Validate(JsonObject service, JsonObject? before)
    {
        var (spec, name) = (service["spec"], service.Text("metadata", "name") ?? "");
        if (before is null && !IsName(name)) yield return InvalidText("metadata.name", name, NameRule);
        var type = spec.Text("type") ?? "";
        foreach (var error in OneOf(spec, "spec", "type", "ClusterIP", "ExternalName", "LoadBalancer", "NodePort")) yield return error;
        foreach (var error in OneOf(spec, "spec", "sessionAffinity", "ClientIP", "None")) yield return error;
        if (type == "ExternalName" && string.IsNullOrEmpty(spec.Text("externalName"))) yield return Required("spec.externalName");
        if (!spec.Items("ports").Any() && type != "ExternalName" && spec.Text("clusterIP") != "None") yield return Required("spec.ports");
        foreach (var error in CheckPorts(spec)) yield return error;
        foreach (var error in MetadataRules.CheckLabels(spec.At("selector"), "spec.selector")) yield return error;
        if (before is null || type == "ExternalName" || before.Text("spec", "type") == "ExternalName") yield break;
        if (before.Text("spec", "clusterIP") is { Length: > 0 } address && spec.Text("clusterIP") != address)
            yield return Invalid("spec.clusterIPs[0]", GoText.List([spec.Text("clusterIP") ?? ""]), "may not change once set");
    }

    private static IEnumerable<FieldError> CheckPorts(JsonNode? spec)
    {
        var index = 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(long, string)>();
        var several = spec.Items("ports").Skip(1).Any();
        foreach (var port in spec.Items("ports"))
        {
            var at = $"spec.ports[{index++}]";
            var name = port.Text("name") ?? "";
            if (name.Length == 0 && several) yield return Required($"{at}.name");
            else if (name.Length > 0)
            {
                foreach (var error in DnsLabel(at, name)) yield return error;
                if (!names.Add(name)) yield return Duplicate($"{at}.name", name);
            }
            var number = port.Number("port") ?? 0;
            if (number is < 1 or > 65535) yield return Invalid($"{at}.port", number, "must be between 1 and 65535, inclusive");
            foreach (var error in OneOf(port, at, "protocol", "SCTP", "TCP", "UDP")) yield return error;
            if (!numbers.Add((number, port.Text("protocol") ?? ""))) yield return new(at, "FieldValueDuplicate", $"Duplicate value: core.ServicePort{{Name:\"\", Protocol:\"{port.Text("protocol")}\", AppProtocol:(*string)(nil), Port:{number}, TargetPort:intstr.IntOrString{{Type:0, IntVal:0, StrVal:\"\"}}, NodePort:0}}");
        }
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 63 && char.IsAsciiLetterLower(name[0]) && name[^1] != '-' && name.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-');
}
