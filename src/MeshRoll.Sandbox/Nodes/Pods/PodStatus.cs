using System.Text.Json;
using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>
/// A pod's status as the kubelet reports it: phase and conditions follow from its containers. Other writers' conditions stay. It is written straight
/// as text, for nothing is written more often.
/// </summary>
internal static class PodStatus
{
    private static readonly string[] Own = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

    /// <summary>Writes the status of a pod.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="before">The status before.</param>
    /// <param name="life">How it is.</param>
    /// <param name="hostAddress">Its node's address; may be empty.</param>
    /// <param name="now">The time.</param>
    public static void Write(Utf8JsonWriter writer, JsonObject before, PodLife life, string hostAddress, DateTimeOffset now)
    {
        var phase = life.Phase;
        writer.WriteStartObject();
        writer.WriteString("phase"u8, phase);
        WriteConditions(writer, before, life, phase, now);
        Keep("message");
        Keep("reason");
        if (hostAddress.Length > 0) WriteAddress(writer, "hostIP"u8, "hostIPs"u8, hostAddress);
        if (life.HasNetwork) WriteAddress(writer, "podIP"u8, "podIPs"u8, life.Address);
        writer.WriteString("startTime"u8, JsonAccess.Timestamp(life.Bound));
        if (life.Init.Count > 0) WriteContainers(writer, "initContainerStatuses"u8, life, life.Init);
        WriteContainers(writer, "containerStatuses"u8, life, life.Main);
        // What it was when it was made does not count the sidecar.
        writer.WriteString("qosClass"u8, life.Quality);
        writer.WriteEndObject();

        void Keep(string name)
        {
            if (before[name] is not { } value) return;
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    private static void WriteAddress(Utf8JsonWriter writer, ReadOnlySpan<byte> single, ReadOnlySpan<byte> list, string address)
    {
        writer.WriteString(single, address);
        writer.WriteStartArray(list);
        writer.WriteStartObject();
        writer.WriteString("ip"u8, address);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteContainers(Utf8JsonWriter writer, ReadOnlySpan<byte> name, PodLife life, IReadOnlyList<ContainerLife> containers)
    {
        writer.WriteStartArray(name);
        foreach (var container in containers) ContainerStatus.Write(writer, container, life.Uid, life.IdentityOf(container.Plan));
        writer.WriteEndArray();
    }

    private static void WriteConditions(Utf8JsonWriter writer, JsonObject before, PodLife life, string phase, DateTimeOffset now)
    {
        var known = before.Items("conditions").ToList();
        var over = phase switch { "Succeeded" => "PodCompleted", "Failed" => "PodFailed", _ => null };
        var initialized = Objection("ContainersNotInitialized", "containers with incomplete status", life.Init, container => container.Plan.IsSidecar ? container.IsStarted || over is not null : container.EndedWell);
        var containers = Objection("ContainersNotReady", "containers with unready status", life.Init.Concat(life.Main), container => container.IsReady || (container.Plan.IsInit && !container.Plan.IsSidecar));
        var ready = containers ?? Gates();
        if (over is not null)
        {
            (containers, ready) = ((over, ""), (over, ""));
            // A pod whose work is done is initialised, whatever became of its sidecars.
            if (over == "PodCompleted") initialized = null;
        }

        writer.WriteStartArray("conditions"u8);
        Condition("PodReadyToStartContainers", life.HasNetwork && over is null ? null : ("", ""));
        Condition("Initialized", initialized, over == "PodCompleted" ? over : "");
        Condition("Ready", ready);
        Condition("ContainersReady", containers);
        foreach (var other in known)
        {
            if (!Own.Contains(other.Text("type"))) other.WriteTo(writer);
        }
        writer.WriteEndArray();

        (string Reason, string Message)? Gates()
        {
            foreach (var gate in life.ReadinessGates)
            {
                var condition = known.Find(entry => entry.Text("type") == gate);
                if (condition is null) return ("ReadinessGatesNotReady", $"corresponding condition of pod readiness gate \"{gate}\" does not exist.");
                if (condition.Text("status") != "True") return ("ReadinessGatesNotReady", $"the status of pod readiness gate \"{gate}\" is not \"True\", but {condition.Text("status")}");
            }
            return null;
        }

        void Condition(string type, (string Reason, string Message)? objection, string reason = "")
        {
            var holds = objection is null ? "True" : "False";
            var earlier = known.Find(entry => entry.Text("type") == type);
            var since = earlier.Text("status") == holds ? earlier.Text("lastTransitionTime") : null;
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteString("status"u8, holds);
            writer.WriteNull("lastProbeTime"u8);
            writer.WriteString("lastTransitionTime"u8, since ?? JsonAccess.Timestamp(now));
            if (objection is { } why) reason = why.Reason;
            if (reason.Length > 0) writer.WriteString("reason"u8, reason);
            if (objection is { Message.Length: > 0 }) writer.WriteString("message"u8, objection.Value.Message);
            writer.WriteEndObject();
        }
    }

    /// <summary>What keeps a condition from being true: the containers of which something does not hold.</summary>
    private static (string Reason, string Message)? Objection(string reason, string message, IEnumerable<ContainerLife> containers, Predicate<ContainerLife> holds)
    {
        List<string>? names = null;
        foreach (var container in containers)
        {
            if (!holds(container)) (names ??= []).Add(container.Plan.Name);
        }
        return names is null ? null : (reason, $"{message}: [{string.Join(' ', names)}]");
    }
}
