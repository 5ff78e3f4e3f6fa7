namespace MeshRoll.TestControlPlane;

/// <summary>How a <see cref="ControlPlane"/> is started. The defaults suit nearly every test.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>The name of the kubeconfig's current context.</summary>
    public string ContextName { get; init; } = "meshroll-test";

    /// <summary>How long the whole start may take before it is given up with the components' last log lines.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Users that log in with a token, known from the start because the token file is read only once.</summary>
    public IReadOnlyList<TokenUser> TokenUsers { get; init; } = [];

    /// <summary>How many tokens without rights are kept ready for <see cref="ControlPlane.TakeTokenUser"/>.</summary>
    public int SpareTokenUsers { get; init; } = 20;

    /// <summary>Reads the server handles at once before it answers 429; null leaves the server's own default.</summary>
    public int? MaxRequestsInflight { get; init; }

    /// <summary>Writes the server handles at once before it answers 429; null leaves the server's own default.</summary>
    public int? MaxMutatingRequestsInflight { get; init; }

    /// <summary>Further flags of kube-apiserver, each as <c>--name=value</c>; they come last and therefore win.</summary>
    public IReadOnlyList<string> ApiServerFlags { get; init; } = [];

    /// <summary>Further flags of kube-controller-manager, each as <c>--name=value</c>.</summary>
    public IReadOnlyList<string> ControllerManagerFlags { get; init; } = [];

    /// <summary>Further flags of kube-scheduler, each as <c>--name=value</c>.</summary>
    public IReadOnlyList<string> SchedulerFlags { get; init; } = [];
}
