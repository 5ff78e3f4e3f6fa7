using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace MeshRoll.Kubernetes.Api;

/// <summary>What the server serves, asked once per group and version.</summary>
internal sealed class Discovery(ApiSender sender)
{
    private readonly ConcurrentDictionary<string, Task<IReadOnlyDictionary<string, string>>> _groups = new();

    /// <summary>Resources of a group and version (<c>apps/v1</c>, <c>v1</c>), subresources as <c>pods/eviction</c>, each with the group and version of its body where that differs.</summary>
    /// <returns>Empty when the server does not serve the group and version.</returns>
    public async Task<IReadOnlyDictionary<string, string>> GetAsync(string groupVersion, CancellationToken cancellationToken)
    {
        // Nobody's deadline but the transport's bounds the question itself: others may be waiting for its answer.
        var asking = _groups.GetOrAdd(groupVersion, static (key, self) => self.AskAsync(key), this);
        try
        {
            return await asking.WaitAsync(cancellationToken);
        }
        catch (MeshRollException)
        {
            _groups.TryRemove(new(groupVersion, asking));
            throw;
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> AskAsync(string groupVersion)
    {
        var request = new ApiRequest(HttpMethod.Get, ResourcePath.OfGroup(groupVersion), new("get", $"the resources of {groupVersion}", null, null));
        try
        {
            return await sender.ReadAsync(request, answer => Read(answer.Body.Unread.ToArray()), CancellationToken.None);
        }
        catch (ApiException failure) when (failure.Code == HttpStatusCode.NotFound)
        {
            return new Dictionary<string, string>();
        }
    }

    private static Dictionary<string, string> Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var found = new Dictionary<string, string>();
        foreach (var resource in document.RootElement.GetProperty("resources").EnumerateArray())
        {
            var group = Text(resource, "group");
            var version = Text(resource, "version");
            found[Text(resource, "name")] = group.Length == 0 ? version : $"{group}/{version}";
        }
        return found;
    }

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
