using System.Text.Json.Nodes;

namespace MeshRoll.Sandbox.Patching;

/// <summary>
/// The order of a merged list: elements that the patch names stand as it names them, the others as they stood on the server,
/// and the two run into each other by their places on the server where both had one.
/// </summary>
internal static class StrategicOrder
{
    /// <summary>Puts a merged list in order.</summary>
    /// <param name="merged">Its elements, in any order.</param>
    /// <param name="wanted">The order that the patch gives.</param>
    /// <param name="live">The list as it was before.</param>
    /// <param name="mergeKey">By which elements are known; empty for plain values.</param>
    public static JsonArray Arrange(JsonArray merged, JsonArray wanted, JsonArray live, string mergeKey)
    {
        var named = new List<(int Wanted, int Live, JsonNode? Element)>();
        var others = new List<(int Wanted, int Live, JsonNode? Element)>();
        foreach (var element in merged)
        {
            var item = (Wanted: IndexOf(wanted, element, mergeKey), Live: IndexOf(live, element, mergeKey), element?.DeepClone());
            (item.Wanted < 0 ? others : named).Add(item);
        }
        named = [.. named.OrderBy(item => item.Wanted)];
        others = [.. others.OrderBy(item => item.Live < 0 ? int.MaxValue : item.Live)];
        return RunTogether(others, named);
    }

    /// <summary>Checks that the elements of a patch stand in the order that its directive gives, and that the directive names them all.</summary>
    public static void CheckAgainst(JsonArray order, JsonArray? patch, string mergeKey)
    {
        if (order.Count == 0 || patch is null) return;

        var next = 0;
        foreach (var element in patch)
        {
            if (element is JsonObject map && map.ContainsKey(StrategicMergePatch.PatchDirective)) continue;
            while (next < order.Count && !StrategicLists.IsSame(element, order[next], mergeKey)) next++;
            if (next++ < order.Count) continue;
            throw PatchException.Unclassified($"The order in patch list:\n{PatchText.Of(patch)}\n doesn't match $setElementOrder list:\n{PatchText.Of(order)}\n");
        }
    }

    private static JsonArray RunTogether(List<(int Wanted, int Live, JsonNode? Element)> others, List<(int Wanted, int Live, JsonNode? Element)> named)
    {
        var result = new JsonArray();
        var (i, j) = (0, 0);
        while (i < others.Count || j < named.Count)
        {
            var isOther = j == named.Count || (i < others.Count && others[i].Live >= 0 && named[j].Live >= 0 && others[i].Live < named[j].Live);
            result.Add(isOther ? others[i++].Element : named[j++].Element);
        }
        return result;
    }

    private static int IndexOf(JsonArray list, JsonNode? element, string mergeKey)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (StrategicLists.IsSame(list[i], element, mergeKey)) return i;
        }
        return -1;
    }
}
