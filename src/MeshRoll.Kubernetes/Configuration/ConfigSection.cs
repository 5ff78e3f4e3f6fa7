namespace MeshRoll.Kubernetes.Configuration;

/// <summary>
/// A map of a kubeconfig, read by field. Every error names the file, the line, what the map is and the field; never the field's value.
/// </summary>
/// <param name="file">The file it stands in.</param>
/// <param name="node">The map.</param>
/// <param name="what">What it is, such as <c>user 'admin'</c>.</param>
internal sealed class ConfigSection(string file, ConfigNode node, string what)
{
    public string What { get; } = what;

    public int Line => node.Line;

    public string File { get; } = file;

    /// <summary>The directory relative paths begin at: that of the file, not the current one.</summary>
    public string Directory { get; } = Path.GetDirectoryName(file) ?? "";

    public static ConfigSection Of(string file, ConfigNode node, string what) =>
        node.Kind == ConfigNodeKind.Map ? new(file, node, what) : throw KubeConfigException.InvalidAt(file, node.Line, $"{what} must be a map of fields.");

    /// <summary>The raw value of a field, or null.</summary>
    public ConfigNode? Node(string field) => node.Members.TryGetValue(field, out var value) && !value.IsNull ? value : null;

    /// <summary>The text of a field; null when absent or empty, as kubectl treats both alike.</summary>
    public string? Text(string field)
    {
        var value = Node(field);
        if (value is null)
            return null;

        if (value.Kind != ConfigNodeKind.Text)
            throw Invalid(field, "must be a text.");

        return value.Text.Length == 0 ? null : value.Text;
    }

    public bool Flag(string field) => Text(field) switch
    {
        null => false,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => throw Invalid(field, "must be true or false."),
    };

    /// <summary>The map of a field, or null.</summary>
    public ConfigSection? Section(string field) => Node(field) is { } value
        ? Of(File, value, $"'{field}' of {What}")
        : null;

    /// <summary>The maps of a field that is a list of maps; empty when absent.</summary>
    public IEnumerable<ConfigSection> Sections(string field) => List(field).Select(item => Of(File, item, $"each of '{field}' of {What}"));

    /// <summary>The texts of a field that is a list of texts; empty when absent.</summary>
    public IReadOnlyList<string> Texts(string field) => [.. List(field).Select(item =>
        item.Kind == ConfigNodeKind.Text ? item.Text : throw Invalid(field, "must be a list of texts."))];

    /// <summary>The field names of this map, in the file's order.</summary>
    public IEnumerable<string> Fields => node.Members.Keys;

    /// <summary>The path in a field, made absolute against the file's directory; null when absent.</summary>
    public string? AbsolutePath(string field)
    {
        if (Text(field) is not { } path)
            return null;

        return path.Contains('\0', StringComparison.Ordinal) ? throw Invalid(field, "must be a path.") : Path.GetFullPath(Path.Combine(Directory, path));
    }

    /// <summary>The bytes of a field in Base64; null when absent.</summary>
    public byte[]? Data(string field)
    {
        if (Text(field) is not { } text)
            return null;

        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            // Not kept as the inner exception: it could carry a piece of a private key some day.
            throw Invalid(field, "must be Base64. Copy it anew, it may have been cut.");
        }
    }

    public KubeConfigException Invalid(string field, string problem, Exception? inner = null) =>
        KubeConfigException.InvalidAt(File, Node(field)?.Line ?? node.Line, $"'{field}' of {What} {problem}", inner);

    public KubeConfigException Invalid(string problem) => KubeConfigException.InvalidAt(File, node.Line, $"{What} {problem}");

    private List<ConfigNode> List(string field)
    {
        var value = Node(field);
        if (value is null)
            return [];

        return value.Kind == ConfigNodeKind.List ? value.Items : throw Invalid(field, "must be a list.");
    }
}
