namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>One reason why the API server refuses to create a workload's pods.</summary>
/// <param name="Contains">A part of the server's message that tells it.</param>
/// <param name="Id">The finding's id.</param>
/// <param name="Says">What is wrong.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Verdict">Whether it can pass by itself.</param>
internal sealed record CreateFailureSignal(string Contains, string Id, string Says, string Advice, FindingVerdict Verdict);

/// <summary>
/// The table of refused pods: the message of a ReplicaFailure condition or of a FailedCreate event is the API server's answer to the controller.
/// The first row that fits counts. Quota and a webhook that is down can pass (other pods end, istiod comes back), so they leave the verdict to the
/// deadline; what a policy forbids stays forbidden.
/// </summary>
internal static class CreateFailureSignals
{
    public static IReadOnlyList<CreateFailureSignal> Table { get; } =
    [
        new("sidecar-injector.istio.io", "InjectionFailed", "no pod can be created because the sidecar injector does not answer or refuses", "Check that the istiod behind the injector webhook is ready and that its service has endpoints.", FindingVerdict.Unknown),
        new("linkerd-proxy-injector.linkerd.io", "InjectionFailed", "no pod can be created because the sidecar injector does not answer or refuses", "Check that the Linkerd proxy injector is ready.", FindingVerdict.Unknown),
        new("exceeded quota", "QuotaExceeded", "no pod can be created within the namespace's quota", "Raise the quota, or free some of it: a surge needs room for one pod more than the workload has.", FindingVerdict.Unknown),
        new("failed quota", "QuotaExceeded", "no pod can be created within the namespace's quota", "Give its containers the requests and limits that the quota asks for.", FindingVerdict.Fatal),
        new("violates PodSecurity", "PodSecurity", "its pods violate the namespace's pod security level", "Change the template or the namespace's label pod-security.kubernetes.io/enforce.", FindingVerdict.Fatal),
        new("error looking up service account", "ServiceAccountMissing", "its service account does not exist", "Create the service account or correct serviceAccountName.", FindingVerdict.Fatal),
        new("denied the request", "AdmissionDenied", "an admission webhook denies its pods", "Read the message: it names the webhook and its reason.", FindingVerdict.Fatal),
        new("failed calling webhook", "WebhookUnavailable", "no pod can be created because an admission webhook does not answer", "Check the webhook's service.", FindingVerdict.Unknown),
        new("", "FailedCreate", "its pods cannot be created", "Read the message: it is the API server's answer.", FindingVerdict.Unknown),
    ];

    /// <summary>The first row that fits; the last one fits everything.</summary>
    public static CreateFailureSignal For(string message) => Table.First(signal => message.Contains(signal.Contains, StringComparison.Ordinal));
}
