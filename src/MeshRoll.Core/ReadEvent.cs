using MeshRoll.Kubernetes;

namespace MeshRoll.Core;

/// <summary>
/// What a reading stream gives: objects as they are found, and what could not be read. One namespace that cannot be read does not end the others.
/// </summary>
public abstract record ReadEvent<T>
{
    private ReadEvent() { }

    /// <summary>The same event of what <paramref name="select"/> makes of an object.</summary>
    internal ReadEvent<TOther> As<TOther>(Func<T, TOther> select) => this switch
    {
        Found found => new ReadEvent<TOther>.Found(select(found.Item)),
        Failed failed => new ReadEvent<TOther>.Failed(failed.Error, failed.Target),
        _ => new ReadEvent<TOther>.Remark(((Remark)this).Text),
    };

    /// <summary>An object.</summary>
    public sealed record Found(T Item) : ReadEvent<T>;

    /// <summary>A part could not be read: an error record, the rest goes on.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="Target">What: a namespace, a workload.</param>
    public sealed record Failed(MeshRollException Error, string Target) : ReadEvent<T>;

    /// <summary>A sentence worth a warning: something is unknown and therefore left out of the judgement.</summary>
    public sealed record Remark(string Text) : ReadEvent<T>;
}

/// <summary>A request that makes no sense, found before anything was asked of a cluster.</summary>
public sealed class InvalidRequestException(string id, string message) : MeshRollException(id, message);
