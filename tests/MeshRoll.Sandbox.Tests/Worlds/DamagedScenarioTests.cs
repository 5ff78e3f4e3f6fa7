using FsCheck;
using FsCheck.Fluent;
using MeshRoll.Sandbox.Worlds;

namespace MeshRoll.Sandbox.Tests.Worlds;

/// <summary>Scenarios as half-written editors, broken transfers and slips of the hand leave them.</summary>
public sealed class DamagedScenarioTests
{
    private static readonly string Whole = BuiltInWorlds.Text("Shop")!;

    private static readonly string[] Pieces = ["", " ", "\n", "\t", ":", "- ", "[", "]", "{", "}", "&a ", "*a", "\"", "'", "|", ">", "#", "---\n", "...", "? ", "!!int ", "%", "null", "true", "-1", "1e9", "\u0000", "\ud800", "é", "<<: ", "name: web\n"];

    private sealed record Damage(int Start, int Length, string Piece);

    private static readonly Arbitrary<Damage[]> Damages = (
        from count in Gen.Choose(1, 4)
        from damages in Gen.ArrayOf(
            from start in Gen.Choose(0, Whole.Length - 1)
            from length in Gen.Choose(0, 40)
            from piece in Gen.Elements(Pieces)
            select new Damage(start, length, piece),
            count)
        select damages).ToArbitrary();

    [Fact]
    public void A_damaged_scenario_is_a_world_or_an_error_that_says_where() =>
        Prop.ForAll(Damages, damages => IsUnderstood(damages.Aggregate(Whole, Apply))).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_scenario_cut_off_anywhere_is_a_world_or_an_error_that_says_where()
    {
        for (var length = 0; length < Whole.Length; length += 7) Assert.True(IsUnderstood(Whole[..length]));
    }

    private static string Apply(string text, Damage damage)
    {
        var start = Math.Min(damage.Start, text.Length);
        return string.Concat(text.AsSpan(0, start), damage.Piece, text.AsSpan(Math.Min(start + damage.Length, text.Length)));
    }

    private static bool IsUnderstood(string text)
    {
        try
        {
            return WorldReader.ReadText(text) is not null;
        }
        catch (SandboxException e)
        {
            return e.Id == "MeshRoll.SandboxScenarioInvalid" && e.Message.StartsWith("Scenario 'scenario'", StringComparison.Ordinal);
        }
    }
}
