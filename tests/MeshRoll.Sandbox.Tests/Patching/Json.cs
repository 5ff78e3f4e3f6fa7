using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Tests.Patching;

/// <summary>JSON for tests, in single quotes.</summary>
internal static class Json
{
    public static JsonObject Object(string text) => JsonNode.Parse(Quoted(text))!.AsObject();

    public static JsonArray Array(string text) => JsonNode.Parse(Quoted(text))!.AsArray();

    public static void AssertSame(string expected, JsonNode actual) => Assert.Equal(JsonNode.Parse(Quoted(expected))!.ToJsonString(), actual.ToJsonString());

    private static string Quoted(string text) => text.Replace('\'', '"');
}
