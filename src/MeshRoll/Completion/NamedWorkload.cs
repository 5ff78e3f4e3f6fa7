using System.Collections;
using MeshRoll.Core.Workloads;

namespace MeshRoll.Completion;

/// <summary>The one workload that a command line being completed names so far.</summary>
internal static class NamedWorkload
{
    /// <summary>It and the open connection to its cluster; null when it names none or several, or when nothing is open.</summary>
    public static (OpenConnection Connection, WorkloadReference Workload)? Find(IDictionary parameters)
    {
        if (OpenConnection.Find(parameters) is not { } connection) return null;
        if (Single(parameters["Name"]) is not { } text || WorkloadName.Parse(text) is not { IsLiteral: true } name) return null;

        var @namespace = Single(parameters["Namespace"]) ?? connection.Namespace;
        var kind = name.Kind ?? (Single(parameters["Kind"]) is { } given ? WorkloadKinds.Find(given) : null);
        if (kind is null)
        {
            if (!connection.Names.Workloads.Any(IsMeant)) connection.LookUpWorkloads(@namespace);
            kind = connection.Names.Workloads.FirstOrDefault(IsMeant)?.Kind;
        }
        return kind is null ? null : (connection, new(@namespace, kind, name.Pattern.Literal!));

        bool IsMeant(KnownWorkload known) => known.Namespace == @namespace && known.Name == name.Pattern.Literal;
    }

    private static string? Single(object? value) => value switch
    {
        string text when text.Length > 0 => text,
        object[] { Length: 1 } list => list[0]?.ToString(),
        System.Management.Automation.PSObject wrapped => Single(wrapped.BaseObject),
        _ => null,
    };
}
