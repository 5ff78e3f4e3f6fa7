using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Controllers;

/// <summary>Status fields as Go writes them: what is marked omitempty is absent instead of zero.</summary>
internal static class StatusJson
{
    /// <summary>Sets a count that is left out when it is zero.</summary>
    public static void SetUnlessZero(this JsonObject status, string name, long count)
    {
        if (count != 0) status[name] = count;
    }

    /// <summary>Sets a text that is left out when it is empty.</summary>
    public static void SetUnlessEmpty(this JsonObject status, string name, string text)
    {
        if (text.Length > 0) status[name] = text;
    }
}
