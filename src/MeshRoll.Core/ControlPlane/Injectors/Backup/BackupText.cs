using System.Globalization;
using System.Text;
using System.Text.Json;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Yaml;

namespace MeshRoll.Core.ControlPlane.Injectors.Backup;

/// <summary>
/// A backup as text: YAML that <c>kubectl apply</c> takes. Comments at its head say of which cluster and which Istio it is, one at its end that it is whole:
/// YAML that was cut is mostly still YAML.
/// </summary>
internal static class BackupText
{
    /// <summary>The first line, before the number of the format.</summary>
    public const string Title = "# MeshRoll injector backup, format ";

    /// <summary>The last line.</summary>
    public const string End = "# end of backup";

    /// <summary>The format that is written and read.</summary>
    public const int Format = 1;

    /// <summary>The keys at the head.</summary>
    public const string Cluster = "cluster", Server = "server", Uid = "cluster-uid", Taken = "taken", Istio = "istio", Objects = "objects";

    /// <summary>Writes it.</summary>
    /// <param name="identity">The cluster.</param>
    /// <param name="versions">Istio's version by revision, as far as known.</param>
    /// <param name="taken">When.</param>
    /// <param name="objects">The objects.</param>
    public static string Write(
        ClusterIdentity identity, IEnumerable<KeyValuePair<string, string>> versions, DateTimeOffset taken, IReadOnlyList<(Resource<RawObject> Resource, RawObject Object)> objects)
    {
        var text = new StringBuilder();
        text.Append(Title).Append(Format.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line(Cluster, identity.Name);
        Line(Server, identity.Server);
        Line(Uid, identity.Uid);
        Line(Taken, taken.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Line(Istio, string.Join(", ", versions.Select(version => $"{version.Key}={version.Value}")));
        Line(Objects, objects.Count.ToString(CultureInfo.InvariantCulture));
        text.Append("# Restore-MeshInjector brings it back and takes the authority (caBundle) from the cluster as it is then; kubectl apply takes it as it stands here.\n");
        foreach (var (resource, raw) in objects)
        {
            text.Append("---\n").Append(YamlWriter.Write(JsonSerializer.SerializeToElement(BackupObject.Clean(raw, resource))));
        }
        return text.Append(End).Append('\n').ToString();

        void Line(string key, string value) => text.Append("# ").Append(key).Append(": ").Append(value.ReplaceLineEndings(" ")).Append('\n');
    }

    /// <summary>The comments at the head, by key.</summary>
    public static Dictionary<string, string> Head(string text)
    {
        Dictionary<string, string> head = new(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').TakeWhile(line => line.StartsWith('#')))
        {
            var parts = line[1..].Split(':', 2);
            if (parts.Length == 2) head.TryAdd(parts[0].Trim(), parts[1].Trim());
        }
        return head;
    }
}
