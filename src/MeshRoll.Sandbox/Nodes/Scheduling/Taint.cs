using System.Text.Json;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Scheduling;

/// <summary>What keeps pods away from a node.</summary>
internal sealed record Taint(string Key, string Value, string Effect)
{
    /// <summary>What a cordoned node stands for (kubectl cordon).</summary>
    public static Taint Unschedulable { get; } = new("node.kubernetes.io/unschedulable", "", "NoSchedule");

    /// <summary>Whether new pods are kept away; PreferNoSchedule is only a wish.</summary>
    public bool Repels => Effect is "NoSchedule" or "NoExecute";

    internal static Taint Read(JsonElement element) => new(element.Text("key"), element.Text("value"), element.Text("effect"));
}

/// <summary>Which taints a pod does not mind.</summary>
internal sealed record Toleration(string Key, string Operator, string Value, string Effect)
{
    public bool Tolerates(Taint taint) =>
        (Effect.Length == 0 || Effect == taint.Effect)
        && (Key.Length == 0 || Key == taint.Key)
        && (Operator == "Exists" || (Operator is "" or "Equal" && Key.Length > 0 && Value == taint.Value));

    internal static Toleration Read(JsonElement element) => new(element.Text("key"), element.Text("operator"), element.Text("value"), element.Text("effect"));
}
