using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Admission;

/// <summary>What pods use of a quota's resources, in thousandths of processors and in bytes.</summary>
internal readonly record struct QuotaUsage(long Pods, long RequestedCpu, long RequestedMemory, long LimitedCpu, long LimitedMemory)
{
    /// <summary>What a quota may limit here; others it names are counted by nobody and so never exceeded.</summary>
    public static IReadOnlyList<string> Resources { get; } =
        ["pods", "count/pods", "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    public static QuotaUsage operator +(QuotaUsage one, QuotaUsage other) => new(
        one.Pods + other.Pods,
        one.RequestedCpu + other.RequestedCpu,
        one.RequestedMemory + other.RequestedMemory,
        one.LimitedCpu + other.LimitedCpu,
        one.LimitedMemory + other.LimitedMemory);

    public static QuotaUsage operator -(QuotaUsage one, QuotaUsage other) => new(
        one.Pods - other.Pods,
        one.RequestedCpu - other.RequestedCpu,
        one.RequestedMemory - other.RequestedMemory,
        one.LimitedCpu - other.LimitedCpu,
        one.LimitedMemory - other.LimitedMemory);

    /// <summary>What a pod uses: all its containers, or the largest of its init containers where that is more.</summary>
    public static QuotaUsage Of(JsonNode? spec)
    {
        return new(1, Sum("requests", "cpu", milli: true), Sum("requests", "memory", milli: false), Sum("limits", "cpu", milli: true), Sum("limits", "memory", milli: false));

        long Sum(string list, string resource, bool milli)
        {
            var staying = spec.Items("containers").Concat(spec.Items("initContainers").Where(container => container.Text("restartPolicy") == "Always")).Sum(container => Amount(container, list, resource, milli));
            return Math.Max(staying, spec.Items("initContainers").Select(container => Amount(container, list, resource, milli)).DefaultIfEmpty(0).Max());
        }
    }

    /// <summary>The containers that say nothing about a resource a quota limits.</summary>
    public static IEnumerable<string> Silent(JsonNode? spec, string resource)
    {
        var (list, name) = Place(resource);
        if (name.Length == 0) return [];
        return spec.Items("containers").Concat(spec.Items("initContainers")).Where(container => Stated(container, list, name) is null).Select(container => container.Text("name") ?? "").Order(StringComparer.Ordinal);
    }

    /// <summary>How much of one resource.</summary>
    public long Amount(string resource) => resource switch
    {
        "pods" or "count/pods" => Pods,
        "cpu" or "requests.cpu" => RequestedCpu,
        "memory" or "requests.memory" => RequestedMemory,
        "limits.cpu" => LimitedCpu,
        _ => LimitedMemory,
    };

    /// <summary>An amount of a resource as the API writes it.</summary>
    public static string Format(string resource, long amount) => IsCpu(resource) ? Quantity.FormatMilli(amount) : Quantity.FormatBytes(amount);

    /// <summary>The amount a quota's text means.</summary>
    public static long Parse(string resource, JsonNode? text)
    {
        var amount = text is JsonValue value ? Quantity.Parse(value.TryGetValue<string>(out var words) ? words : value.ToJsonString()) ?? 0 : 0;
        return (long)decimal.Ceiling(IsCpu(resource) ? amount * 1000 : amount);
    }

    private static bool IsCpu(string resource) => resource.EndsWith("cpu", StringComparison.Ordinal);

    private static (string List, string Name) Place(string resource) => resource switch
    {
        "cpu" or "requests.cpu" => ("requests", "cpu"),
        "memory" or "requests.memory" => ("requests", "memory"),
        "limits.cpu" => ("limits", "cpu"),
        "limits.memory" => ("limits", "memory"),
        _ => ("", ""),
    };

    private static long Amount(JsonObject container, string list, string resource, bool milli)
    {
        var amount = Stated(container, list, resource) is { } stated ? Quantity.Parse(stated.GetValueKind() == System.Text.Json.JsonValueKind.String ? stated.GetValue<string>() : stated.ToJsonString()) ?? 0 : 0;
        return (long)decimal.Ceiling(milli ? amount * 1000 : amount);
    }

    // A limit without a request is a request, too.
    private static JsonNode? Stated(JsonObject container, string list, string resource) =>
        container.At("resources", list, resource) ?? (list == "requests" ? container.At("resources", "limits", resource) : null);
}
