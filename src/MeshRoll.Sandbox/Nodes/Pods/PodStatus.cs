using System.Text.Json.Nodes;
using MeshRoll.Sandbox.Objects;

namespace MeshRoll.Sandbox.Nodes.Pods;

/// <summary>A pod's status as the kubelet reports it: phase and conditions follow from its containers. Other writers' conditions stay.</summary>
internal static class PodStatus
{
    private static readonly string[] Own = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"];

    /// <summary>The status of a pod.</summary>
    /// <param name="before">The status before.</param>
    /// <param name="life">How it is.</param>
    /// <param name="hostAddress">Its node's address; may be empty.</param>
    /// <param name="now">The time.</param>
    public static JsonObject Of(JsonObject before, PodLife life, string hostAddress, DateTimeOffset now)
    {
        var status = new JsonObject { ["phase"] = life.Phase, ["conditions"] = Conditions(before, life, now) };
        Keep("message");
        Keep("reason");
        if (hostAddress.Length > 0)
        {
            status["hostIP"] = hostAddress;
            status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = hostAddress });
        }
        if (life.HasNetwork)
        {
            status["podIP"] = life.Address;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = life.Address });
        }
        status["startTime"] = JsonAccess.Timestamp(life.Bound);
        if (life.Init.Count > 0) status["initContainerStatuses"] = Statuses(life.Init);
        status["containerStatuses"] = Statuses(life.Main);
        // What it was when it was made does not count the sidecar.
        status["qosClass"] = life.Quality;
        return status;

        JsonArray Statuses(IReadOnlyList<ContainerLife> containers)
        {
            var list = new JsonArray();
            foreach (var container in containers) list.Add((JsonNode)ContainerStatus.Write(container, life.Uid, life.IdentityOf(container.Plan)));
            return list;
        }

        void Keep(string name)
        {
            if (before[name] is { } value) status[name] = value.DeepClone();
        }
    }

    private static JsonArray Conditions(JsonObject before, PodLife life, DateTimeOffset now)
    {
        var known = before.Items("conditions").ToList();
        var over = life.Phase switch { "Succeeded" => "PodCompleted", "Failed" => "PodFailed", _ => null };
        var incomplete = life.Init.Where(container => !(container.Plan.IsSidecar ? container.IsStarted || over is not null : container.EndedWell)).Select(container => container.Plan.Name);
        var unready = life.Init.Where(container => container.Plan.IsSidecar && !container.IsReady).Concat(life.Main.Where(container => !container.IsReady)).Select(container => container.Plan.Name);
        var initialized = Named("ContainersNotInitialized", "containers with incomplete status", incomplete);
        var containers = Named("ContainersNotReady", "containers with unready status", unready);
        var ready = containers ?? Gates();
        if (over is not null)
        {
            (containers, ready) = ((over, ""), (over, ""));
            // A pod whose work is done is initialised, whatever became of its sidecars.
            if (over == "PodCompleted") initialized = null;
        }

        var list = new JsonArray
        {
            Condition("PodReadyToStartContainers", life.HasNetwork && over is null ? null : ("", "")),
            Condition("Initialized", initialized, over == "PodCompleted" ? over : ""),
            Condition("Ready", ready),
            Condition("ContainersReady", containers),
        };
        foreach (var other in known)
        {
            if (!Own.Contains(other.Text("type"))) list.Add(other.DeepClone());
        }
        return list;

        (string Reason, string Message)? Gates()
        {
            foreach (var gate in life.ReadinessGates)
            {
                var condition = known.FirstOrDefault(entry => entry.Text("type") == gate);
                if (condition is null) return ("ReadinessGatesNotReady", $"corresponding condition of pod readiness gate \"{gate}\" does not exist.");
                if (condition.Text("status") != "True") return ("ReadinessGatesNotReady", $"the status of pod readiness gate \"{gate}\" is not \"True\", but {condition.Text("status")}");
            }
            return null;
        }

        JsonObject Condition(string type, (string Reason, string Message)? objection, string reason = "")
        {
            var holds = objection is null ? "True" : "False";
            var earlier = known.FirstOrDefault(entry => entry.Text("type") == type);
            var since = earlier.Text("status") == holds ? earlier.Text("lastTransitionTime") : null;
            var condition = new JsonObject { ["type"] = type, ["status"] = holds, ["lastProbeTime"] = null, ["lastTransitionTime"] = since ?? JsonAccess.Timestamp(now) };
            if (objection is { } why) reason = why.Reason;
            if (reason.Length > 0) condition["reason"] = reason;
            if (objection is { Message.Length: > 0 }) condition["message"] = objection.Value.Message;
            return condition;
        }
    }

    private static (string Reason, string Message)? Named(string reason, string message, IEnumerable<string> containers)
    {
        var names = string.Join(' ', containers);
        return names.Length == 0 ? null : (reason, $"{message}: [{names}]");
    }
}
