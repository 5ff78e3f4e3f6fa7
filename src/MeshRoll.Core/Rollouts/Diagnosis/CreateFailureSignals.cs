namespace MeshRoll.Core.Rollouts.Diagnosis;

/// <summary>One reason why the API server refuses to create a workload's pods.</summary>
/// <param name="Contains">A part of the server's message that tells it.</param>
/// <param name="Id">The finding's id.</param>
/// <param name="Says">What is wrong.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Verdict">Whether it can pass by itself.</param>
internal sealed record CreateFailureSignal(string Contains, string Id, string Says, string Advice, FindingVerdict Verdict)
{
    /// <summary>Of these the message has to contain one too; none means any message.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>Whether a message is this signal.</summary>
    public bool Fits(string message) =>
        message.Contains(Contains, StringComparison.Ordinal) && (Also.Count == 0 || Also.Any(part => message.Contains(part, StringComparison.Ordinal)));
}

/// <summary>
/// The table of refused pods: the message of a ReplicaFailure condition or of a FailedCreate event is the API server's answer to the controller.
/// The first row that fits counts. Quota and a webhook that is down can pass (other pods end, istiod comes back), so they leave the verdict to the
/// deadline; what a policy forbids stays forbidden.
/// </summary>
internal static class CreateFailureSignals
{
    /// <summary>The injector of a mesh does not answer or says no; which it is, the sentence tells.</summary>
    public const string InjectionFailed = "InjectionFailed";

    // The names of the webhooks' entries: of Istio they all end so, whatever the revision.
    private const string Istio = "sidecar-injector.istio.io", Linkerd = "linkerd-proxy-injector.linkerd.io", Consul = "connect-injector.consul.hashicorp.com";

    private static readonly string[] s_refused = ["denied the request"];
    private static readonly string[] s_untrusted = ["x509:", "tls: "];

    public static IReadOnlyList<CreateFailureSignal> Table { get; } =
    [
        new(Istio, InjectionFailed, "no pod can be created because the sidecar injector refuses it", "Read the message: mostly an annotation or a template that the injector cannot use.", FindingVerdict.Fatal) { Also = s_refused },
        new(Istio, InjectionFailed, "no pod can be created because the API server does not trust the sidecar injector's certificate", "Give the injector webhook the caBundle of the istiod it names; a restart of istiod writes it anew.", FindingVerdict.Unknown) { Also = s_untrusted },
        new(Istio, InjectionFailed, "no pod can be created because the sidecar injector does not answer", "Check that the istiod behind the injector webhook is ready and that its service has endpoints.", FindingVerdict.Unknown),
        new(Linkerd, InjectionFailed, "no pod can be created because the sidecar injector refuses it", "Read the message: mostly an annotation that the injector cannot use.", FindingVerdict.Fatal) { Also = s_refused },
        new(Linkerd, InjectionFailed, "no pod can be created because the sidecar injector does not answer", "Check that the Linkerd proxy injector is ready and that its certificate is valid.", FindingVerdict.Unknown),
        new(Consul, InjectionFailed, "no pod can be created because the sidecar injector refuses it", "Read the message: mostly an annotation that the injector cannot use.", FindingVerdict.Fatal) { Also = s_refused },
        new(Consul, InjectionFailed, "no pod can be created because the sidecar injector does not answer", "Check that the Consul connect injector is ready and that its certificate is valid.", FindingVerdict.Unknown),
        new("Duplicate value", SidecarSignals.Twice, "no pod can be created because it would be injected twice", "Let one injector alone match the pod: look at the labels of its namespace and the webhooks' selectors.", FindingVerdict.Fatal) { Also = ["\"istio-proxy\"", "\"istio-init\"", "\"istio-validation\"", "\"linkerd-proxy\"", "\"linkerd-init\"", "\"consul-dataplane"] },
        new("exceeded quota", "QuotaExceeded", "no pod can be created within the namespace's quota", "Raise the quota, or free some of it: a surge needs room for one pod more than the workload has.", FindingVerdict.Unknown),
        new("failed quota", "QuotaExceeded", "no pod can be created within the namespace's quota", "Give its containers the requests and limits that the quota asks for.", FindingVerdict.Fatal),
        new("violates PodSecurity", "PodSecurity", "its pods violate the namespace's pod security level", "Change the template or the namespace's label pod-security.kubernetes.io/enforce.", FindingVerdict.Fatal),
        new("error looking up service account", "ServiceAccountMissing", "its service account does not exist", "Create the service account or correct serviceAccountName.", FindingVerdict.Fatal),
        new("denied the request", "AdmissionDenied", "an admission webhook denies its pods", "Read the message: it names the webhook and its reason.", FindingVerdict.Fatal),
        new("failed calling webhook", "WebhookUnavailable", "no pod can be created because an admission webhook does not answer", "Check the webhook's service.", FindingVerdict.Unknown),
        new("", "FailedCreate", "its pods cannot be created", "Read the message: it is the API server's answer.", FindingVerdict.Unknown),
    ];

    /// <summary>The first row that fits; the last one fits everything.</summary>
    public static CreateFailureSignal For(string message) => Table.First(signal => signal.Fits(message));
}
