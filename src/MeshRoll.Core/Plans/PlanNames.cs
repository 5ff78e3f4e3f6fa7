using MeshRoll.Core.Workloads;

namespace MeshRoll.Core.Plans;

/// <summary>Workloads as plans, journals and the annotation meshroll.io/after write them: <c>shop/deployment/web</c>.</summary>
internal static class PlanNames
{
    /// <summary>What a plan allows, for messages.</summary>
    public const string Form = "namespace/kind/name, such as shop/deployment/web";

    /// <summary><c>shop/deployment/web</c>.</summary>
    public static string Write(WorkloadReference workload) => $"{workload.Namespace}/{workload.ShortName}";

    /// <summary>Reads a name of whichever kind, also of what cannot be restarted: a finding may be about a job.</summary>
    public static WorkloadReference? ReadAny(string text) =>
        Read(text) ?? (text.Split('/') is [{ Length: > 0 } @namespace, { Length: > 0 } kind, { Length: > 0 } name] ? new(@namespace, $"{char.ToUpperInvariant(kind[0])}{kind[1..]}", name) : null);

    /// <summary>Reads <c>shop/deployment/web</c>, <c>shop/deploy/web</c>, and <c>deploy/web</c> where a namespace is known; null for anything else.</summary>
    public static WorkloadReference? Read(string text, string? @namespace = null)
    {
        var parts = text.Trim().Split('/');
        if (parts.Length == 2 && @namespace is not null) parts = [@namespace, .. parts];
        if (parts.Length != 3 || parts.Any(part => part.Length == 0 || part.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '.')))) return null;
        return WorkloadKinds.Find(parts[1]) is { } kind ? new(parts[0], kind, parts[2])
            : parts[1].Equals(WorkloadKinds.ReplicaSet, StringComparison.OrdinalIgnoreCase) ? new(parts[0], WorkloadKinds.ReplicaSet, parts[2])
            : null;
    }
}
