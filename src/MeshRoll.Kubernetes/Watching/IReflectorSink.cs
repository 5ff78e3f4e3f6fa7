namespace MeshRoll.Kubernetes.Watching;

/// <summary>Keeps what a reflector brings. Called by one task, never at the same time.</summary>
internal interface IReflectorSink<in T>
{
    /// <summary>These are all objects there are.</summary>
    void Replace(IEnumerable<T> objects);

    /// <summary>One object as it is now.</summary>
    void Put(T item);

    /// <summary>One object is gone; this is how it was last.</summary>
    void Remove(T last);

    /// <summary>The server is out of reach. May be said again with another reason.</summary>
    void Interrupted(string why);

    /// <summary>The server is in reach, and what was brought is up to date.</summary>
    void Resumed();
}
