using System.Globalization;
using static MeshRoll.Core.Preflight.ReadinessSign;

namespace MeshRoll.Core.Preflight.Rules;

/// <summary>Whether a new pod can be made of what the old ones were made of.</summary>
internal static class ImageRules
{
    private static readonly string[] s_movingTags = ["latest", "stable", "master", "main", "edge", "nightly", "dev"];

    /// <summary>A tag that means something else tomorrow.</summary>
    public static IEnumerable<ReadinessSign> MovingTag(ReadinessSubject subject)
    {
        foreach (var container in subject.Containers)
        {
            // Whoever injects fills in what is left open.
            if (container.Text("image") is not { } image || image is "" or "auto") continue;
            var tag = Tag(image);
            if (tag is null || !s_movingTags.Contains(tag)) continue;
            // Without a policy, latest is always pulled anew and others are not.
            if ((container.Text("imagePullPolicy") ?? (tag == "latest" ? "Always" : "IfNotPresent")) != "Always") continue;
            yield return new($"container {container.Text("name")} runs {image}, a tag that moves, and pulls it anew for every pod") { Advice = "Name a version or a digest." };
        }
    }

    /// <summary>A pull secret that is not there.</summary>
    public static IEnumerable<ReadinessSign> PullSecretMissing(ReadinessSubject subject)
    {
        var names = subject.PodSpec.Items("imagePullSecrets").Select(secret => secret.Text("name")).OfType<string>().ToList();
        return names.Count == 0 ? [] : Unless(subject.Secrets, secrets => names.Where(name => !secrets.Contains(name)).Select(name => new ReadinessSign($"image pull secret {name} does not exist") { Advice = "Make it, or take it out of imagePullSecrets." }));
    }

    /// <summary>Images that no node has, of pods that are old: nobody has pulled them for long, and the registry may have forgotten them.</summary>
    public static IEnumerable<ReadinessSign> ImageOnNoNode(ReadinessSubject subject)
    {
        if (Oldest(subject) is not { } age || age < subject.OldImages) return [];
        return Unless(subject.Images, there =>
        {
            if (there.Names.Count == 0) return [NotChecked("the nodes report no images")];
            if (there.IsCut) return [NotChecked($"a node reports no more than {NodeImages.MostReported} of its images")];
            return Images(subject).Where(image => !there.Names.Contains(NodeImages.Normal(image))).Select(image => new ReadinessSign($"image {image} is on no node any more, and the oldest pod is {Days(age)} old")
            {
                Advice = "Pull it once by hand, or check that the registry still has it.",
            });
        });
    }

    /// <summary>Init containers that have not run for long: what they need may be gone.</summary>
    public static IEnumerable<ReadinessSign> InitNotTriedForLong(ReadinessSubject subject)
    {
        var names = subject.PodSpec.Items("initContainers").Where(container => container.Text("restartPolicy") != "Always").Select(container => container.Text("name")).OfType<string>().ToList();
        if (names.Count == 0) return [];
        return Unless(subject.Pods, pods =>
        {
            var last = pods.SelectMany(pod => pod.Status.InitContainerStatuses).Where(status => names.Contains(status.Name)).Select(status => status.State.Terminated?.FinishedAt).Max();
            return last is not { } done || subject.Now - done < subject.OldImages ? []
                : [new ReadinessSign($"init container {string.Join(", ", names)} succeeded last {Days(subject.Now - done)} ago") { Advice = "Try one pod first: delete one, or restart one workload of its kind." }];
        });
    }

    private static TimeSpan? Oldest(ReadinessSubject subject) => subject.Pods.Value is { Count: > 0 } pods ? pods.Max(pod => subject.Now - pod.Metadata.CreationTimestamp) : null;

    private static IEnumerable<string> Images(ReadinessSubject subject) =>
        subject.PodSpec.Items("initContainers").Concat(subject.PodSpec.Items("containers")).Select(container => container.Text("image")).OfType<string>().Where(image => image is not ("" or "auto")).Distinct();

    private static string? Tag(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal)) return null;
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[(colon + 1)..] : "latest";
    }

    private static string Days(TimeSpan age) => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} days");
}
