using MeshRoll.Core.Sidecars;
using MeshRoll.Core.Workloads;
using MeshRoll.Kubernetes.Api;

namespace MeshRoll.Core.Rollouts.Verbs;

/// <summary>
/// Gives containers other images, as kubectl set image does: containers and init containers by name, or all of them by <c>*</c>. Where kubectl sets
/// the images it finds a container for and complains about the rest, nothing is set here unless every name is there.
/// </summary>
public sealed record SetImageVerb : RolloutVerb
{
    /// <summary>All containers and init containers.</summary>
    public const string All = "*";

    private readonly IReadOnlyDictionary<string, string> _images;

    private SetImageVerb(IReadOnlyDictionary<string, string> images) => _images = images;

    /// <summary>Sets these images, by container.</summary>
    /// <exception cref="InvalidRequestException"><c>MeshRoll.ImageInvalid</c>: no image, an empty one, or <c>*</c> beside a name.</exception>
    public static SetImageVerb Of(IReadOnlyDictionary<string, string> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0) throw Invalid("No image was given");
        if (images.Count > 1 && images.ContainsKey(All)) throw Invalid($"{All} means all containers, so no other name can stand beside it");
        foreach (var (container, image) in images)
        {
            if (string.IsNullOrWhiteSpace(container)) throw Invalid($"The image '{image}' is for a container without a name");
            if (string.IsNullOrWhiteSpace(image) || image.Any(char.IsWhiteSpace)) throw Invalid($"'{image}' for the container {container} is no image");
        }
        return new(new SortedDictionary<string, string>(images.ToDictionary(), StringComparer.Ordinal));
    }

    internal override VerbRefusedException? RefuseKind(WorkloadReference workload) => WorkloadKinds.Restartable.Contains(workload.Kind)
        ? null
        : new(VerbRefusedException.NotSupported, workload, $"Images of {workload} cannot be set: name one of {WorkloadKinds.Allowed}.");

    internal override VerbVerdict Decide(VerbFacts facts)
    {
        var template = facts.History.Object.At("spec", "template");
        var containers = template is { } found ? TemplateContainers.Of(found) : [];
        if (containers.Count == 0) throw NoTemplate(facts);
        if (_images.Keys.FirstOrDefault(name => name != All && !containers.Any(container => container.Name == name)) is { } missing) throw NoSuch(facts.Workload, missing, containers);

        var changes = (from container in containers
                       let image = _images.GetValueOrDefault(container.Name) ?? _images.GetValueOrDefault(All)
                       where image is not null && image != container.Image
                       select (Container: container, Image: image)).ToList();
        if (changes.Count == 0) return new VerbVerdict.Skip("its images are these already");

        var words = string.Join(", ", changes.Select(change => $"{change.Container.Name} {change.Container.Image ?? "(none)"} → {change.Image}"));
        return new VerbVerdict.Change(PatchOf(changes), $"Set image {words}", $"image set: {words}");
    }

    // By place, with the name that must stand there: a container that came or went since the workload was read is noticed, while a merge by name
    // would bring one back as a container of nothing but an image. Custom resources know no merge by name at all.
    private static Patch PatchOf(IEnumerable<(TemplateContainer Container, string Image)> changes)
    {
        var patch = new JsonPatch();
        foreach (var (container, image) in changes)
        {
            var place = $"/spec/template/spec/{container.List}/{container.Index}";
            patch.Test($"{place}/name", container.Name);
            // Only a custom resource can be without one.
            _ = container.Image is null ? patch.Add($"{place}/image", image) : patch.Replace($"{place}/image", image);
        }
        return patch.Build();
    }

    private static VerbRefusedException NoSuch(WorkloadReference workload, string name, IReadOnlyList<TemplateContainer> containers)
    {
        var there = string.Join(", ", containers.Select(container => container.List == "initContainers" ? $"{container.Name} (init)" : container.Name));
        var injected = SidecarContainers.MeshOf(name) is null ? "" : $" {name} is injected when a pod is made: its image comes from the mesh's injector, and a restart brings it.";
        return new("MeshRoll.ContainerNotFound", workload, $"{workload} has no container '{name}'; there {(containers.Count == 1 ? "is" : "are")} {there}.{injected} Nothing was changed.");
    }

    private static VerbRefusedException NoTemplate(VerbFacts facts) => facts.History.Object.At("spec", "workloadRef", "name") is { } owner
        ? new(VerbRefusedException.NotSupported, facts.Workload, $"Images of {facts.Workload} cannot be set: it takes its template from another workload, {owner}; set them there.")
        : new(VerbRefusedException.NotSupported, facts.Workload, $"Images of {facts.Workload} cannot be set: it has no containers.");

    private static InvalidRequestException Invalid(string what) =>
        new("MeshRoll.ImageInvalid", $"{what}. Give images by container, such as @{{ app = 'registry.example/app:2' }}, or @{{ '*' = '…' }} for all containers.");
}
