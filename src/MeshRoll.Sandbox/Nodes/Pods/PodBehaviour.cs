using System.Globalization;
using MeshRoll.Sandbox.Objects;
using MeshRoll.Sandbox.Store;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>
/// What shall happen to a pod: by its annotations, which may be set in a workload's template or, to change a running pod's health, on the pod itself,
/// and by the faults of the sandbox.
/// </summary>
internal sealed record PodBehaviour
{
    /// <summary>What all the annotations begin with.</summary>
    public const string Prefix = "sandbox.meshroll.io/";

    /// <summary><c>proxy-sync</c>: how far a mesh's proxy is behind; see <see cref="Mesh.ProxySync"/>.</summary>
    public const string ProxySyncName = "proxy-sync";

    /// <summary><c>debug-endpoint</c>: how an istiod answers those who ask for its proxies; see <see cref="Mesh.Istio.IstiodPorts"/>.</summary>
    public const string DebugEndpointName = "debug-endpoint";

    /// <summary><c>log</c>: lines that the containers have written.</summary>
    public const string LogName = "log";

    /// <summary><c>faulty-container</c>: the container that the others speak of.</summary>
    public const string FaultyContainerName = "faulty-container";

    /// <summary>A pod like any other.</summary>
    public static PodBehaviour Ordinary { get; } = new();

    /// <summary><c>ready-after</c>: from binding to Ready, such as <c>3s</c>.</summary>
    public TimeSpan? ReadyAfter { get; init; }

    /// <summary>From a container's start until it is ready, at least. There is no annotation for it; the fault Slow sets it.</summary>
    public TimeSpan Slowness { get; init; }

    /// <summary><c>stop-after</c>: from the request to delete the pod until it is gone; at most its grace period.</summary>
    public TimeSpan? StopAfter { get; init; }

    /// <summary><c>missing-image</c>: the container whose image cannot be pulled, or <c>*</c> for all.</summary>
    public string? MissingImage { get; init; }

    /// <summary><c>init-fails</c>: an init container fails again and again; the first, unless faulty-container names another.</summary>
    public bool InitFails { get; init; }

    /// <summary><c>never-ready</c>: the container runs, and its readiness probe fails.</summary>
    public bool NeverReady { get; init; }

    /// <summary><c>crashes-after</c>: how long after its start the container crashes, every time.</summary>
    public TimeSpan? CrashesAfter { get; init; }

    /// <summary><c>completes-after</c>: how long after their start the containers end with success; the mesh's proxy does not, as nowhere.</summary>
    public TimeSpan? CompletesAfter { get; init; }

    /// <summary><c>config-missing</c>: a ConfigMap that the container needs and nobody has created.</summary>
    public string? ConfigMissing { get; init; }

    /// <summary><c>faulty-container</c>: the container that the others speak of, instead of the first that is not the mesh's.</summary>
    public string? FaultyContainer { get; init; }

    /// <summary><c>exit-code</c>: the exit code of a crash; 137 is reported as killed for its memory.</summary>
    public int ExitCode { get; init; } = 1;

    /// <summary>An annotation that nobody understands, as a sentence; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>Reads a pod's annotations.</summary>
    public static PodBehaviour Of(StoredObject pod)
    {
        var behaviour = Ordinary;
        foreach (var (name, value) in pod.Metadata.Annotations)
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal)) behaviour = behaviour.With(name[Prefix.Length..], value);
        }
        return behaviour;
    }

    private PodBehaviour With(string name, string value)
    {
        return name switch
        {
            "ready-after" => Timed(duration => this with { ReadyAfter = duration }),
            "stop-after" => Timed(duration => this with { StopAfter = duration }),
            "crashes-after" => Timed(duration => this with { CrashesAfter = duration }),
            "completes-after" => Timed(duration => this with { CompletesAfter = duration }),
            "missing-image" => this with { MissingImage = value },
            "config-missing" => this with { ConfigMissing = value },
            FaultyContainerName => this with { FaultyContainer = value },
            "init-fails" => this with { InitFails = value == "true" },
            "never-ready" => this with { NeverReady = value == "true" },
            "exit-code" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code <= 255 => this with { ExitCode = code },
            "exit-code" => Wrong("is no exit code from 0 to 255"),
            LogName or ProxySyncName or DebugEndpointName => this,
            _ => this with { Problem = $"there is no annotation {Prefix}{name}" },
        };

        PodBehaviour Timed(Func<TimeSpan, PodBehaviour> set) =>
            GoDuration.Parse(value) is { } duration ? set(duration) : Wrong("is no duration such as 250ms, 3s or 1m30s");

        PodBehaviour Wrong(string why) => this with { Problem = $"annotation {Prefix}{name}: \"{value}\" {why}" };
    }
}
