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
    /// <param name="report">How it is.</param>
    public static void Write(Utf8JsonWriter writer, JsonObject before, PodReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("phase"u8, report.Phase);
        WriteConditions(writer, before, report);
        Keep("message");
        Keep("reason");
        if (report.HostAddress.Length > 0) WriteAddress(writer, "hostIP"u8, "hostIPs"u8, report.HostAddress);
        if (report.Address.Length > 0) WriteAddress(writer, "podIP"u8, "podIPs"u8, report.Address);
        writer.WriteString("startTime"u8, JsonAccess.Timestamp(report.StartTime));
        if (report.Init.Count > 0) WriteContainers(writer, "initContainerStatuses"u8, report, report.Init);
        WriteContainers(writer, "containerStatuses"u8, report, report.Main);
        // What it was when it was made does not count the sidecar.
        writer.WriteString("qosClass"u8, report.Quality);
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

    private static void WriteContainers(Utf8JsonWriter writer, ReadOnlySpan<byte> name, PodReport report, IReadOnlyList<ContainerReport> containers)
    {
        writer.WriteStartArray(name);
        foreach (var container in containers) ContainerStatus.Write(writer, container, report.Uid);
        writer.WriteEndArray();
    }

    private static void WriteConditions(Utf8JsonWriter writer, JsonObject before, PodReport report)
    {
        var known = before.Items("conditions").ToList();
        var over = report.Phase switch { "Succeeded" => "PodCompleted", "Failed" => "PodFailed", _ => null };
        var initialized = Objection("ContainersNotInitialized", "containers with incomplete status", report.Init, container => container.IsSidecar ? container.IsStarted || over is not null : container.EndedWell);
        var containers = Objection("ContainersNotReady", "containers with unready status", report.Init.Where(container => container.IsSidecar).Concat(report.Main), container => container.IsReady);
        var ready = containers ?? Gates();
        if (over is not null)
        {
            (containers, ready) = ((over, ""), (over, ""));
            // A pod whose work is done is initialised, whatever became of its sidecars.
            if (over == "PodCompleted") initialized = null;
        }

        writer.WriteStartArray("conditions"u8);
        Condition("PodReadyToStartContainers", report.Address.Length > 0 && over is null ? null : ("", ""));
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
            foreach (var gate in report.ReadinessGates)
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
            writer.WriteString("lastTransitionTime"u8, since ?? JsonAccess.Timestamp(report.Time));
            if (objection is { } why) reason = why.Reason;
            if (reason.Length > 0) writer.WriteString("reason"u8, reason);
            if (objection is { Message.Length: > 0 }) writer.WriteString("message"u8, objection.Value.Message);
            writer.WriteEndObject();
        }
    }

    /// <summary>What keeps a condition from being true: the containers of which something does not hold.</summary>
    private static (string Reason, string Message)? Objection(string reason, string message, IEnumerable<ContainerReport> containers, Predicate<ContainerReport> holds)
    {
        List<string>? names = null;
        foreach (var container in containers)
        {
            if (!holds(container)) (names ??= []).Add(container.Name);
        }
        return names is null ? null : (reason, $"{message}: [{string.Join(' ', names)}]");
    }
}
