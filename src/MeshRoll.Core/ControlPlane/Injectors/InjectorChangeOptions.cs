namespace MeshRoll.Core.ControlPlane.Injectors;

/// <summary>How a change of injectors is made.</summary>
public sealed record InjectorChangeOptions
{
    /// <summary>The name changes are recorded under in managedFields.</summary>
    public string FieldManager { get; init; } = "meshroll";

    /// <summary>Where the backup goes: a folder, or a file that ends in .yaml or .yml.</summary>
    public string BackupPath { get; init; } = ".";

    /// <summary>Whether a backup file of that name may be replaced.</summary>
    public bool ReplaceBackup { get; init; }

    /// <summary>Asks whether to do something to something, once all rules hold. Null: it is done.</summary>
    public Func<string, string, ValueTask<bool>>? Approve { get; init; }

    /// <summary>Hears what is done, in words. Null for nobody.</summary>
    public Func<string, ValueTask>? Say { get; init; }

    /// <summary>Hears what is worth a warning. Null for nobody.</summary>
    public Func<string, ValueTask>? Warn { get; init; }

    /// <summary>How long the API server may take to ask the new injector, before that is called a failure.</summary>
    public TimeSpan TrialPatience { get; init; } = TimeSpan.FromSeconds(10);
}
