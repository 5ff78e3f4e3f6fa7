namespace MeshRoll.Sandbox.Worlds.Reading;

/// <summary>
/// How large a scenario may be. They hold while reading and count what an alias refers to each time anew, so that a few lines of aliases to aliases
/// cannot become a billion values.
/// </summary>
internal static class ScenarioLimits
{
    public const int MaximumBytes = 10 * 1024 * 1024;

    public const int MaximumDepth = 64;

    public const int MaximumValues = 500_000;
}
