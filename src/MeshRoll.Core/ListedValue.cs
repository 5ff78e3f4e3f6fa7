namespace MeshRoll.Core;

/// <summary>
/// Lists on output objects. PowerShell takes an element by its number only from arrays and from types that show their indexer; the types that the compiler makes of
/// <c>[.. items]</c> hide theirs, and <c>$rollout.Diagnosis[0]</c> would be the whole list.
/// </summary>
internal static class ListedValue
{
    /// <summary>The same values as an array.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> values) => values as T[] ?? values.ToArray();

    /// <summary>The same values as an array; null for null.</summary>
    public static IReadOnlyList<T>? OfKnown<T>(IReadOnlyList<T>? values) => values is null ? null : Of(values);
}
