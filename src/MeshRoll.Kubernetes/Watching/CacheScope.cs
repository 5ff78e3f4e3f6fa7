namespace MeshRoll.Kubernetes.Watching;

/// <summary>What a cache holds. Equal scopes of one resource share one cache.</summary>
/// <param name="Namespace">One namespace, or null for all.</param>
/// <param name="LabelSelector">Kubernetes' syntax, or null.</param>
/// <param name="FieldSelector">Kubernetes' syntax, or null.</param>
/// <param name="PollInterval">Null to watch; otherwise the cache lists anew at this interval and watches nothing.</param>
public sealed record CacheScope(string? Namespace, string? LabelSelector = null, string? FieldSelector = null, TimeSpan? PollInterval = null);
