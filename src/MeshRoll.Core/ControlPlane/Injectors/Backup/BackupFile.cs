using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Models;
using MeshRoll.Kubernetes.Yaml;

namespace MeshRoll.Core.ControlPlane.Injectors.Backup;

/// <summary>A backup that was read: what it says of itself, and its objects.</summary>
internal sealed record BackupFile
{
    private const int MaximumBytes = 10 * 1024 * 1024;

    /// <summary>Where it was read from.</summary>
    public required string Path { get; init; }

    /// <summary>The cluster's name at that time; empty when it does not say.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The cluster's address at that time; empty when it does not say.</summary>
    public string Server { get; init; } = "";

    /// <summary>The cluster's identity; empty when it does not say.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Istio's versions at that time, by revision.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Its objects.</summary>
    public IReadOnlyList<BackupEntry> Entries { get; init; } = [];

    /// <summary>The namespaces of the istiods that its webhooks ask.</summary>
    public IReadOnlyCollection<string> Places =>
    [
        .. Entries.Where(entry => entry.Resource.Kind == "MutatingWebhookConfiguration").Select(entry => InjectorWebhook.From(RawObject.From(entry.Json))!.IstiodNamespace).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InjectorRefusedException">It is not there, cut, no YAML, or of foreign things.</exception>
    public static async Task<BackupFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (Directory.Exists(path)) throw new InjectorRefusedException("MeshRoll.BackupNotFound", $"{path} is a folder: name the backup file in it.");
            if (!File.Exists(path)) throw new InjectorRefusedException("MeshRoll.BackupNotFound", $"There is no file {path}: name the file that Backup-MeshInjector, or a switch, gave as BackupPath.");
            if (new FileInfo(path).Length > MaximumBytes) throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{path} is bigger than any backup of injectors: name the right file.");
            return Parse(path, Decode(path, await File.ReadAllBytesAsync(path, cancellationToken)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InjectorRefusedException("MeshRoll.BackupUnreadable", $"{path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Reads a text.</summary>
    public static BackupFile Parse(string path, string text)
    {
        text = text.ReplaceLineEndings("\n");
        var isOurs = text.StartsWith(BackupText.Title, StringComparison.Ordinal);
        var head = isOurs ? BackupText.Head(text) : [];
        if (isOurs) CheckWhole(path, text);
        IReadOnlyList<YamlObject> documents;
        try
        {
            documents = YamlReader.Read(text);
        }
        catch (YamlProblemException e)
        {
            throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{path}, line {e.Line}: {e.Message}. Correct the file, or take another backup.", e);
        }
        List<BackupEntry> entries = [.. documents.SelectMany(document => Entry(path, document))];
        if (entries.Count == 0) throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{path}, line 1: there is no object in this file. Name the file that Backup-MeshInjector, or a switch, gave as BackupPath.");
        if (int.TryParse(head.GetValueOrDefault(BackupText.Objects), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count != entries.Count)
            throw new InjectorRefusedException("MeshRoll.BackupTruncated", $"{path}, line {LastLine(text)}: the file says that it holds {count} objects, and holds {entries.Count}. It was cut or edited; take another backup.");
        return new()
        {
            Path = path,
            Cluster = head.GetValueOrDefault(BackupText.Cluster, ""),
            Server = head.GetValueOrDefault(BackupText.Server, ""),
            Uid = head.GetValueOrDefault(BackupText.Uid, ""),
            Versions = head.GetValueOrDefault(BackupText.Istio, "").Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2)
                .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
            Entries = entries,
        };
    }

    private static void CheckWhole(string path, string text)
    {
        var format = text[BackupText.Title.Length..].Split('\n', 2)[0].Trim();
        if (!int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > BackupText.Format)
            throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{path}, line 1: the file is of format {format}, and this MeshRoll reads up to {BackupText.Format}. Restore it with a newer MeshRoll.");
        if (!text.TrimEnd().EndsWith(BackupText.End, StringComparison.Ordinal))
            throw new InjectorRefusedException("MeshRoll.BackupTruncated", $"{path}, line {LastLine(text)}: the file ends before its end (\"{BackupText.End}\"): it was cut. Take another backup, or find the whole file.");
    }

    private static IEnumerable<BackupEntry> Entry(string path, YamlObject document)
    {
        var root = document.Root;
        // What kubectl get -o yaml gives for several.
        if (((string?)AsText(root["kind"]))?.EndsWith("List", StringComparison.Ordinal) == true && root["items"] is JsonArray items)
            return items.Select((item, index) => One(path, item as JsonObject, document.LineOf($"/items/{index}"), (string?)AsText(root["kind"]) == "List" ? null : Strip((string?)AsText(root["kind"]))));
        return [One(path, root, document.Line, null)];

        static string? Strip(string? kind) => kind?[..^"List".Length];
    }

    private static BackupEntry One(string path, JsonObject? json, int line, string? kindOfList)
    {
        var where = $"{path}, line {line}: ";
        if (json is null) throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{where}an object is expected here. Correct the file, or take another backup.");
        var (version, kind) = ((string?)AsText(json["apiVersion"]) ?? "", (string?)AsText(json["kind"]) ?? kindOfList ?? "");
        var resource = kind switch
        {
            "MutatingWebhookConfiguration" => Resources.MutatingWebhookConfigurations.Raw,
            "ValidatingWebhookConfiguration" => Resources.ValidatingWebhookConfigurations,
            "Namespace" => Resources.Namespaces.Raw,
            _ => throw new InjectorRefusedException("MeshRoll.BackupForeignKind", $"{where}{(kind.Length == 0 ? "an object without a kind" : $"a {kind}")} is none of what a backup of injectors holds. Restore it with kubectl, and take it out of this file."),
        };
        if (version != resource.GroupVersion)
            throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{where}{kind} of {(version.Length == 0 ? "no apiVersion" : version)} is not understood, only {resource.GroupVersion} is. Take another backup.");
        if (json["metadata"] is not JsonObject metadata || (string?)AsText(metadata["name"]) is not { Length: > 0 } name)
            throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{where}this {kind} has no name. The file was cut or edited; take another backup.");

        RawObject raw;
        MutatingWebhookConfiguration? model = null;
        try
        {
            raw = RawObject.From(json);
            if (kind == "MutatingWebhookConfiguration") model = raw.As(Resources.MutatingWebhookConfigurations);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{where}{kind} {name} is not as the API has it ({e.Path}). The file was edited; take another backup.", e);
        }
        if (kind == "MutatingWebhookConfiguration" && InjectorWebhook.From(raw) is null)
            throw new InjectorRefusedException("MeshRoll.BackupNotIstio", $"{where}webhook {name} is not Istio's injector, and is none of MeshRoll's business. Restore it with kubectl, and take it out of this file.");
        if (kind == "ValidatingWebhookConfiguration" && !json.ToJsonString().Contains("validation.istio.io", StringComparison.Ordinal))
            throw new InjectorRefusedException("MeshRoll.BackupNotIstio", $"{where}webhook {name} is not Istio's, and is none of MeshRoll's business. Restore it with kubectl, and take it out of this file.");
        if (model is { } webhook && (webhook.Webhooks.Count == 0 || webhook.Webhooks.Any(entry => entry.ClientConfig is { Service: null, Url: null })))
            throw new InjectorRefusedException("MeshRoll.BackupTruncated", $"{where}webhook {name} is not whole: {(webhook.Webhooks.Count == 0 ? "it has no webhooks" : "one of its webhooks says nobody to ask")}. The file was cut; take another backup.");
        return new(resource, name, BackupObject.Clean(raw, resource), line);
    }

    private static JsonNode? AsText(JsonNode? node) => node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String ? node : null;

    private static int LastLine(string text) => text.AsSpan().TrimEnd('\n').Count('\n') + 1;

    // Windows PowerShell redirects into UTF-16 with a byte order mark.
    private static string Decode(string path, byte[] content)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(content), new UTF8Encoding(false, throwOnInvalidBytes: true));
            var text = reader.ReadToEnd();
            if (!text.Contains('\0', StringComparison.Ordinal)) return text;
        }
        catch (DecoderFallbackException)
        {
            // No text: said below.
        }
        throw new InjectorRefusedException("MeshRoll.BackupInvalid", $"{path}, line 1: the file is not text. Name the file that Backup-MeshInjector, or a switch, gave as BackupPath.");
    }
}

/// <summary>One object of a backup.</summary>
/// <param name="Resource">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Json">The object, without what only the server can say.</param>
/// <param name="Line">Where it begins in the file.</param>
internal sealed record BackupEntry(Resource<RawObject> Resource, string Name, JsonObject Json, int Line);
