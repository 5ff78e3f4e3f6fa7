using MeshRoll.Core.ControlPlane.Istiods;
using MeshRoll.Core.ControlPlane.ProxyStatus;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.Core.Migration.Usage;

/// <summary>All that tells whether a revision is still used, read once. Immutable; rules work on it.</summary>
/// <param name="Planes">Webhooks, istiods, namespaces.</param>
/// <param name="Workloads">The workloads with their proxies, gateways included.</param>
/// <param name="Proxies">What istiods say of their proxies; null when they were not asked.</param>
/// <param name="Unread">What could not be read, a sentence each.</param>
/// <param name="Kept">Injector webhooks that are in a backup, with the service that each asks there.</param>
internal sealed record RevisionUsageFacts(
    ControlPlaneFacts Planes, IReadOnlyList<GatheredWorkload> Workloads, IReadOnlyList<MeshProxyStatus>? Proxies, IReadOnlyList<string> Unread, IReadOnlyDictionary<string, string> Kept);
