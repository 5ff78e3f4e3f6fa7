using System.Text.Json.Nodes;
using MeshRoll.Core.ControlPlane.Injectors;
using MeshRoll.Core.ControlPlane.Injectors.Backup;

namespace MeshRoll.Core.Migration.Usage;

/// <summary>The injector webhooks that backups keep, with the services that they ask there: a backup from before a switch would restore the old wiring.</summary>
internal static class KeptInjectors
{
    /// <summary>Reads backups.</summary>
    /// <exception cref="InjectorRefusedException">One is not there, damaged, or of another cluster.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(ClusterSession session, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        Dictionary<string, string> kept = new(StringComparer.Ordinal);
        if (paths.Count == 0) return kept;
        var identity = await ClusterIdentity.ReadAsync(session, cancellationToken);
        foreach (var path in paths)
        {
            var file = await BackupFile.ReadAsync(path, cancellationToken);
            if (RestorePlanner.OfThisCluster(file, identity) is { } foreign) throw foreign.ToException();
            foreach (var entry in file.Entries)
            {
                if (ServiceOf(entry.Json) is { } service) kept[entry.Name] = service;
            }
        }
        return kept;
    }

    private static string? ServiceOf(JsonObject configuration) =>
        configuration["webhooks"] is JsonArray and [JsonObject first, ..] && first["clientConfig"]?["service"]?["name"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : null;
}
