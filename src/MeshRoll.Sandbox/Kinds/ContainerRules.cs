using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;
using static MeshRoll.Sandbox.Kinds.FieldErrors;

namespace MeshRoll.Sandbox.Kinds;

/// <summary>What must hold of a container.</summary>
internal static class ContainerRules
{
    private const string PortRange = "must be between 1 and 65535, inclusive";

    /// <summary>Everything wrong with a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="names">The names of the containers before it; gets this one's.</param>
    /// <param name="volumes">The pod's volumes.</param>
    /// <param name="isInit">Whether it runs before the others.</param>
    public static IEnumerable<FieldError> Check(JsonObject container, string path, HashSet<string> names, HashSet<string> volumes, bool isInit)
    {
        var name = container.Text("name") ?? "";
        if (name.Length == 0) yield return Required($"{path}.name");
        else
        {
            foreach (var error in DnsLabel(path, name)) yield return error;
            if (!names.Add(name)) yield return Duplicate($"{path}.name", name);
        }
        if (string.IsNullOrEmpty(container.Text("image"))) yield return Required($"{path}.image");
        else if (container.Text("image")!.Trim() != container.Text("image")) yield return InvalidText($"{path}.image", container.Text("image")!, "must not have leading or trailing whitespace");
        foreach (var error in OneOf(container, path, "imagePullPolicy", "Always", "IfNotPresent", "Never")) yield return error;
        foreach (var error in OneOf(container, path, "terminationMessagePolicy", "FallbackToLogsOnError", "File")) yield return error;
        if (isInit)
        {
            foreach (var error in OneOf(container, path, "restartPolicy", "Always")) yield return error;
        }
        else if (container.Text("restartPolicy") is not null)
        {
            yield return Forbidden($"{path}.restartPolicy", "may not be set for non-init containers");
        }
        foreach (var error in CheckPorts(container, path)) yield return error;
        foreach (var error in CheckEnvironment(container, path)) yield return error;
        foreach (var error in CheckMounts(container, path, volumes)) yield return error;
        foreach (var error in CheckResources(container, path)) yield return error;
        // Only an init container that keeps running is asked how it is.
        var isAsked = !isInit || container.Text("restartPolicy") == "Always";
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container[probe] is not JsonObject asked) continue;
            if (!isAsked) yield return Forbidden($"{path}.{probe}", "may not be set for init containers without restartPolicy=Always");
            foreach (var error in CheckProbe(asked, $"{path}.{probe}", mustSucceedOnce: probe != "readinessProbe")) yield return error;
        }
        if (!isAsked && container["lifecycle"] is not null) yield return Forbidden($"{path}.lifecycle", "may not be set for init containers without restartPolicy=Always");
    }

    private static IEnumerable<FieldError> CheckPorts(JsonObject container, string path)
    {
        var index = 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in container.Items("ports"))
        {
            var at = $"{path}.ports[{index++}]";
            if (port.Number("containerPort") is not { } number || number == 0) yield return Required($"{at}.containerPort");
            else if (number is < 1 or > 65535) yield return Invalid($"{at}.containerPort", number, PortRange);
            if (port.Number("hostPort") is (< 1 or > 65535) and not 0 and var host) yield return Invalid($"{at}.hostPort", host, PortRange);
            foreach (var error in OneOf(port, at, "protocol", "SCTP", "TCP", "UDP")) yield return error;
            if (port.Text("name") is not { Length: > 0 } name) continue;
            if (!names.Add(name)) yield return Duplicate($"{at}.name", name);
            if (name.Length > 15) yield return InvalidText($"{at}.name", name, "must be no more than 15 characters");
        }
    }

    private static IEnumerable<FieldError> CheckEnvironment(JsonObject container, string path)
    {
        var index = 0;
        foreach (var variable in container.Items("env"))
        {
            var name = variable.Text("name") ?? "";
            if (name.Length == 0) yield return Required($"{path}.env[{index}].name");
            else if (name.Contains('=', StringComparison.Ordinal)) yield return InvalidText($"{path}.env[{index}].name", name, "a valid environment variable name must consist only of printable ASCII characters other than '='");
            if (variable["valueFrom"] is not null && variable.Text("value") is { Length: > 0 }) yield return InvalidText($"{path}.env[{index}].valueFrom", "", "may not be specified when `value` is not empty");
            index++;
        }
    }

    private static IEnumerable<FieldError> CheckMounts(JsonObject container, string path, HashSet<string> volumes)
    {
        var index = 0;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mount in container.Items("volumeMounts"))
        {
            var (name, target) = (mount.Text("name") ?? "", mount.Text("mountPath") ?? "");
            if (name.Length == 0) yield return Required($"{path}.volumeMounts[{index}].name");
            else if (!volumes.Contains(name)) yield return NotFound($"{path}.volumeMounts[{index}].name", name);
            if (target.Length == 0) yield return Required($"{path}.volumeMounts[{index}].mountPath");
            else if (!paths.Add(target)) yield return InvalidText($"{path}.volumeMounts[{index}].mountPath", target, "must be unique");
            index++;
        }
    }

    private static IEnumerable<FieldError> CheckResources(JsonObject container, string path)
    {
        foreach (var part in (string[])["limits", "requests"])
        {
            if (container.At("resources", part) is not JsonObject amounts) continue;
            foreach (var (name, value) in amounts)
            {
                var text = value?.ToString() ?? "";
                if (Quantity.Parse(text) is not { } amount) yield return InvalidText($"{path}.resources.{part}[{name}]", text, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
                else if (amount < 0) yield return InvalidText($"{path}.resources.{part}[{name}]", text, NotNegative);
                else if (part == "requests" && container.At("resources", "limits", name)?.ToString() is { } limit && Quantity.Parse(limit) is { } most && amount > most)
                    yield return InvalidText($"{path}.resources.requests", text, $"must be less than or equal to {name} limit of {limit}");
            }
        }
    }

    private static IEnumerable<FieldError> CheckProbe(JsonObject probe, string path, bool mustSucceedOnce)
    {
        if (!probe.ContainsKey("exec") && !probe.ContainsKey("httpGet") && !probe.ContainsKey("tcpSocket") && !probe.ContainsKey("grpc")) yield return Required(path, "must specify a handler type");
        foreach (var error in Negative(probe, path, "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) yield return error;
        if (mustSucceedOnce && probe.Number("successThreshold") is { } threshold && threshold != 1) yield return Invalid($"{path}.successThreshold", threshold, "must be 1");
    }
}
