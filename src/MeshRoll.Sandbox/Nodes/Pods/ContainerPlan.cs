using System.Text.Json;
using System.Text.RegularExpressions;
using MeshRoll.Sandbox.Nodes.Images;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>A container as its pod asks for it: what a kubelet acts upon.</summary>
internal sealed partial record ContainerPlan
{
    private static readonly HashSet<string> MeshProxies = new(StringComparer.Ordinal) { "istio-proxy", "linkerd-proxy", "consul-dataplane" };

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its image.</summary>
    public required string Image { get; init; }

    /// <summary>Whether the image's name can be one.</summary>
    public required bool IsImageValid { get; init; }

    /// <summary>Always, IfNotPresent, Never.</summary>
    public required string PullPolicy { get; init; }

    /// <summary>Whether it belongs to the initialisation.</summary>
    public required bool IsInit { get; init; }

    /// <summary>Whether it is a native sidecar: started with the initialisation, and stays.</summary>
    public required bool IsSidecar { get; init; }

    /// <summary>What decides whether it gets requests.</summary>
    public required ProbePlan? Readiness { get; init; }

    /// <summary>What decides whether it counts as started.</summary>
    public required ProbePlan? Startup { get; init; }

    /// <summary>The ConfigMaps and Secrets without which it cannot be created.</summary>
    public required IReadOnlyList<NeededConfig> Needs { get; init; }

    /// <summary>How long its preStop hook takes, as far as that can be told from it.</summary>
    public required TimeSpan PreStop { get; init; }

    /// <summary>Whether it is a mesh's proxy, which does not end with the application's work.</summary>
    public bool IsMeshProxy => MeshProxies.Contains(Name);

    /// <summary>As events name it.</summary>
    public string FieldPath => IsInit ? $"spec.initContainers{{{Name}}}" : $"spec.containers{{{Name}}}";

    internal static ContainerPlan Read(JsonElement container, bool isInit)
    {
        var image = Texts.Shared(container.Text("image"));
        var policy = container.Text("imagePullPolicy");
        return new()
        {
            Name = Texts.Shared(container.Text("name")),
            Image = image,
            IsImageValid = ImageNames.IsValid(image),
            PullPolicy = policy.Length > 0 ? Texts.Shared(policy) : DefaultPullPolicy(image),
            IsInit = isInit,
            IsSidecar = isInit && container.Text("restartPolicy") == "Always",
            Readiness = ProbePlan.Read(container.At("readinessProbe")),
            Startup = ProbePlan.Read(container.At("startupProbe")),
            Needs = NeededConfig.ReadAll(container),
            PreStop = HookTime(container.At("lifecycle", "preStop")),
        };
    }

    private static string DefaultPullPolicy(string image)
    {
        var tag = image.LastIndexOf(':');
        var named = tag > image.LastIndexOf('/') ? image[(tag + 1)..] : "latest";
        return named == "latest" ? "Always" : "IfNotPresent";
    }

    /// <summary>What a hook that waits says about its time; any other is taken to be quick.</summary>
    private static TimeSpan HookTime(JsonElement hook)
    {
        if (hook.ValueKind != JsonValueKind.Object) return TimeSpan.Zero;
        if (hook.Number("sleep", "seconds") is { } seconds) return TimeSpan.FromSeconds(seconds);
        var command = string.Join(' ', hook.Items("exec", "command").Select(part => part.GetString()));
        return Sleep().Match(command) is { Success: true } sleep && GoDuration.Parse(sleep.Groups[1].Value + "s") is { } time ? time : TimeSpan.Zero;
    }

    [GeneratedRegex(@"\bsleep ([0-9.]+)")]
    private static partial Regex Sleep();
}

/// <summary>Ten thousand pods speak of the same few names; each is kept once.</summary>
internal static class Texts
{
    /// <summary>The one copy of a text.</summary>
    public static string Shared(string text) => string.Intern(text);
}
