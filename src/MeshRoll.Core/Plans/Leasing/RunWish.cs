using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Core.Plans.Leasing;

/// <summary>What somebody wants of a run that is under way, wherever it runs: written on its Lease, which the run looks at whenever it renews it.</summary>
/// <param name="Kind">What.</param>
/// <param name="By">Who.</param>
internal sealed record RunWish(RunWishKind Kind, string By)
{
    /// <summary>The annotation on the Lease.</summary>
    public const string Annotation = "meshroll.io/wish";

    /// <summary>Nothing is asked.</summary>
    public static RunWish None { get; } = new(RunWishKind.None, "");

    /// <summary>Reads it off a Lease. A word that means nothing asks for nothing: the run goes on as it was.</summary>
    public static RunWish Of(Lease lease)
    {
        var words = lease.Metadata.Annotations.GetValueOrDefault(Annotation, "").Split(' ', 2, StringSplitOptions.TrimEntries);
        var kind = words[0] switch
        {
            "suspend" => RunWishKind.Suspend,
            "stop" => RunWishKind.Stop,
            "resume" => RunWishKind.Resume,
            _ => RunWishKind.None,
        };
        return kind == RunWishKind.None ? None : new(kind, words.Length > 1 ? Rollouts.Wording.Line(words[1], 100) : "somebody");
    }

    /// <summary>As it stands in the annotation.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {By}";
}

/// <summary>The kinds of wishes.</summary>
internal enum RunWishKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>Start nothing more until somebody asks to resume.</summary>
    Suspend,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>Start nothing more, and end.</summary>
    Stop,
}
