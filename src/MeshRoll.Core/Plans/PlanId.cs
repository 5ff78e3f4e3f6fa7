namespace MeshRoll.Core.Plans;

/// <summary>The identity of a plan: part of a Lease's name and an annotation's value, so it is kept to what both take.</summary>
internal static class PlanId
{
    /// <summary>A new one.</summary>
    public static string New() => Guid.NewGuid().ToString("n")[..12];

    /// <summary>Whether a text can be one.</summary>
    public static bool IsValid(string id) =>
        id.Length is > 0 and <= 40 && id[0] != '-' && id[^1] != '-' && id.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');
}
