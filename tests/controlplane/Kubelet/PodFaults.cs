using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshRoll.TestControlPlane.Kubelet;

/// <summary>
/// What shall happen to a pod, read from its annotations. They may be set in a workload's template or, to change a running
/// pod's health, on the pod itself. An image whose reference contains <c>does-not-exist</c> is missing without any annotation.
/// </summary>
public sealed record PodFaults
{
    /// <summary>From binding to Ready, such as <c>3s</c> or <c>250ms</c>.</summary>
    public const string ReadyAfterAnnotation = "sandbox.meshroll.io/ready-after";

    /// <summary>From the request to delete the pod until it is gone, such as <c>5s</c>.</summary>
    public const string StopAfterAnnotation = "sandbox.meshroll.io/stop-after";

    /// <summary>The name of the container whose image cannot be pulled, or <c>*</c> for all.</summary>
    public const string MissingImageAnnotation = "sandbox.meshroll.io/missing-image";

    /// <summary><c>true</c>: an init container ends with exit code 1 again and again. The pod must have one; the first is taken.</summary>
    public const string InitFailsAnnotation = "sandbox.meshroll.io/init-fails";

    /// <summary><c>true</c>: the container runs, and its readiness probe fails.</summary>
    public const string NeverReadyAnnotation = "sandbox.meshroll.io/never-ready";

    /// <summary>How long after its start the container crashes, every time, such as <c>2s</c>.</summary>
    public const string CrashesAfterAnnotation = "sandbox.meshroll.io/crashes-after";

    /// <summary>How long after their start all containers end with success, such as <c>2s</c>; for pods of Jobs.</summary>
    public const string CompletesAfterAnnotation = "sandbox.meshroll.io/completes-after";

    /// <summary>The name of a ConfigMap that the container needs and nobody has created.</summary>
    public const string ConfigMissingAnnotation = "sandbox.meshroll.io/config-missing";

    /// <summary>The container that the other annotations speak of, instead of the first one that is not the mesh's.</summary>
    public const string FaultyContainerAnnotation = "sandbox.meshroll.io/faulty-container";

    /// <summary>The exit code of a crash; 1 unless said otherwise. 137 is reported as killed for its memory.</summary>
    public const string ExitCodeAnnotation = "sandbox.meshroll.io/exit-code";

    internal TimeSpan? ReadyAfter { get; private init; }

    internal TimeSpan? StopAfter { get; private init; }

    internal string? MissingImage { get; private init; }

    internal bool InitFails { get; private init; }

    internal bool NeverReady { get; private init; }

    internal TimeSpan? CrashesAfter { get; private init; }

    internal TimeSpan? CompletesAfter { get; private init; }

    internal string? ConfigMissing { get; private init; }

    internal string? FaultyContainer { get; private init; }

    internal int ExitCode { get; private init; } = 1;

    internal static PodFaults Read(JsonObject? annotations)
    {
        return new PodFaults
        {
            ReadyAfter = Duration(ReadyAfterAnnotation),
            StopAfter = Duration(StopAfterAnnotation),
            MissingImage = Text(MissingImageAnnotation),
            InitFails = Text(InitFailsAnnotation) == "true",
            NeverReady = Text(NeverReadyAnnotation) == "true",
            CrashesAfter = Duration(CrashesAfterAnnotation),
            CompletesAfter = Duration(CompletesAfterAnnotation),
            ConfigMissing = Text(ConfigMissingAnnotation),
            FaultyContainer = Text(FaultyContainerAnnotation),
            ExitCode = int.TryParse(Text(ExitCodeAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 1,
        };

        string? Text(string name) => (string?)annotations?[name];

        TimeSpan? Duration(string name) => Text(name) is { } text ? ParseDuration(text) : null;
    }

    internal bool LacksImage(string container, string image)
        => MissingImage == "*" || MissingImage == container || image.Contains("does-not-exist", StringComparison.Ordinal);

    private static TimeSpan ParseDuration(string text)
    {
        var (number, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1.0),
            _ when text.EndsWith('m') => (text[..^1], 60.0),
            _ => throw new FormatException($"'{text}' is no duration such as 250ms, 3s or 1m"),
        };
        return TimeSpan.FromSeconds(double.Parse(number, CultureInfo.InvariantCulture) * unit);
    }
}
