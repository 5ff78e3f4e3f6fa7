namespace MeshRoll.Core.Restarts.Replacing;

/// <summary>A pod of a workload, as far as its replacement is concerned.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid: a StatefulSet's pod comes again under its name.</param>
internal sealed record SeenPod(string Name, string Uid)
{
    /// <summary>The node it runs on; empty while unscheduled.</summary>
    public string Node { get; init; } = "";

    /// <summary>When the server made it.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Whether it serves: ready for as long as its workload demands (minReadySeconds), and not on its way out.</summary>
    public bool IsAvailable { get; init; }

    /// <summary>Whether its deletion was asked for.</summary>
    public bool IsEnding { get; init; }

    /// <summary>Whether it is to be replaced.</summary>
    public bool IsOld { get; init; }

    /// <summary>The number at the end of a StatefulSet's pod; -1 for none.</summary>
    public int Ordinal => int.TryParse(Name.AsSpan(Name.LastIndexOf('-') + 1), System.Globalization.CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;
}
