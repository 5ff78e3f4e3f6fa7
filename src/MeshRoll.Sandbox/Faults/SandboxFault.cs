namespace MeshRoll.Sandbox.Faults;

/// <summary>
/// Something that goes wrong in the cluster from now on. What concerns pods concerns those that come up later, as a bad release or a lost image does:
/// what runs keeps running.
/// </summary>
public sealed record SandboxFault
{
    /// <summary>By which it is taken away again. Left out, it is given one.</summary>
    public string Name { get; init; } = "";

    /// <summary>What goes wrong.</summary>
    public required SandboxFaultKind Kind { get; init; }

    /// <summary>The namespace concerned; <c>*</c> and <c>?</c> are wildcards. QuotaExceeded and AutoscalerFights need one without.</summary>
    public string Namespace { get; init; } = "*";

    /// <summary>The workload concerned, as <c>web</c> or <c>Deployment/web</c>; wildcards as above. AutoscalerFights needs one without.</summary>
    public string Workload { get; init; } = "*";

    /// <summary>For ImageMissing: the image, wildcards as above. Left out, all images of the workload.</summary>
    public string? Image { get; init; }

    /// <summary>For WebhookDown: the mesh's revision; wildcards as above.</summary>
    public string Revision { get; init; } = "*";

    /// <summary>For NodeFull: the nodes; wildcards as above.</summary>
    public string Node { get; init; } = "*";

    /// <summary>For Slow how much longer, for Crash how long after the start.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>For Crash and InitContainerFailing: the exit code, 1 to 255; 137 is reported as killed for its memory.</summary>
    public int ExitCode { get; init; } = 1;

    /// <summary>Refuses a fault that makes no sense.</summary>
    internal void Check()
    {
        if (!Enum.IsDefined(Kind)) throw Invalid($"there is no kind {Kind}");
        if (ExitCode is < 1 or > 255) throw Invalid($"its exit code {ExitCode} is not from 1 to 255");
        if (After < TimeSpan.Zero) throw Invalid($"its time {After} is negative");
        if (Kind == SandboxFaultKind.Slow && After is null) throw Invalid("how much slower is not said: set After");
        if (Kind is SandboxFaultKind.QuotaExceeded or SandboxFaultKind.AutoscalerFights && !IsExact(Namespace)) throw Invalid("it needs one namespace, without wildcards");
        if (Kind == SandboxFaultKind.AutoscalerFights && !IsExact(Workload)) throw Invalid("it needs one workload, without wildcards");
    }

    internal SandboxException Invalid(string why) => new("MeshRoll.SandboxFaultInvalid", $"The fault {Kind} cannot be injected: {why}.");

    private static bool IsExact(string text) => text.Length > 0 && !text.AsSpan().ContainsAny('*', '?');
}
