namespace MeshRoll.Kubernetes.Models;

/// <summary>What a workload's pods are made from.</summary>
public sealed record PodTemplate
{
    /// <summary>Labels and annotations its pods get.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>The pods' specification.</summary>
    public PodSpec Spec { get; init => field = value ?? new(); } = new();
}

/// <summary>How many pods may be missing or too many during a rolling update.</summary>
public sealed record RollingUpdate
{
    /// <summary>Pods that may be missing.</summary>
    public IntOrPercent? MaxUnavailable { get; init; }

    /// <summary>Pods that may be too many.</summary>
    public IntOrPercent? MaxSurge { get; init; }
}

/// <summary>Selects objects by label: all of its requirements hold (meta/v1 LabelSelector). An empty one selects everything.</summary>
public sealed record LabelSelector
{
    /// <summary>Labels with exactly these values.</summary>
    public IReadOnlyDictionary<string, string> MatchLabels { get; init => field = value ?? Empty.Map; } = Empty.Map;

    /// <summary>Further requirements.</summary>
    public IReadOnlyList<LabelRequirement> MatchExpressions { get; init => field = value ?? []; } = [];
}

/// <summary>One requirement of a label selector.</summary>
public sealed record LabelRequirement
{
    /// <summary>The label.</summary>
    public string Key { get; init => field = value ?? ""; } = "";

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    public string Operator { get; init => field = value ?? ""; } = "";

    /// <summary>The values for In and NotIn.</summary>
    public IReadOnlyList<string> Values { get; init => field = value ?? []; } = [];
}
