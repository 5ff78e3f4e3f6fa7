using MeshRoll.Core.Rollouts;
using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Restarts.Guards;

/// <summary>What a workload's or a namespace's owner wants of restarts.</summary>
internal enum RestartWish
{
    /// <summary>Nothing is said: it may be restarted.</summary>
    None,

    /// <summary>Only when somebody names it.</summary>
    Manual,

    /// <summary>Not at all.</summary>
    Never,
}

/// <summary>
/// The owner's word on an object: <c>meshroll.io/restart: never|manual</c>, and why in <c>meshroll.io/restart-reason</c>. A word that means nothing
/// is taken as never: whoever wrote it wanted something other than what happens without it.
/// </summary>
/// <param name="Wish">What is wanted.</param>
/// <param name="Reason">Why, in the owner's words; empty when they did not say.</param>
/// <param name="Nonsense">The word that means nothing; null when it means something.</param>
internal sealed record RestartAnnotation(RestartWish Wish, string Reason = "", string? Nonsense = null)
{
    /// <summary>The annotation's key.</summary>
    public const string Key = "meshroll.io/restart";

    /// <summary>The key of its reason.</summary>
    public const string ReasonKey = "meshroll.io/restart-reason";

    /// <summary>Where nothing is said.</summary>
    public static RestartAnnotation None { get; } = new(RestartWish.None);

    /// <summary>Reads it from an object. Case and blanks around the word do not matter.</summary>
    public static RestartAnnotation Of(ObjectMeta metadata)
    {
        if (!metadata.Annotations.TryGetValue(Key, out var word)) return None;
        var reason = Wording.Clause(Wording.Line(metadata.Annotations.GetValueOrDefault(ReasonKey, "").Trim()));
        return word.Trim().ToLowerInvariant() switch
        {
            "never" => new(RestartWish.Never, reason),
            "manual" => new(RestartWish.Manual, reason),
            _ => new(RestartWish.Never, reason, Wording.Line(word.Trim(), 40)),
        };
    }
}
